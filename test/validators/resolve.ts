// A template's policies as IAM gets them: parameters and the names of resources are filled in.

import type { Template } from 'aws-cdk-lib/assertions';
import { resourcesOf } from '../lib/synthesize.ts';

// biome-ignore lint/suspicious/noExplicitAny: templates are what CloudFormation makes of them
type Json = any;

const ACCOUNT = '123456789012';
const PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': ACCOUNT,
  'AWS::StackName': 'Mirrorwatch',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Type of a resource → the rest of its ARN, for a name. */
const ARNS: Readonly<Record<string, (name: string) => string>> = {
  'AWS::CloudFront::Distribution': (name) => `cloudfront::${ACCOUNT}:distribution/${name}`,
  'AWS::DynamoDB::Table': (name) => `dynamodb:us-east-1:${ACCOUNT}:table/${name}`,
  'AWS::Events::Rule': (name) => `events:us-east-1:${ACCOUNT}:rule/${name}`,
  'AWS::IAM::Role': (name) => `iam::${ACCOUNT}:role/${name}`,
  'AWS::Lambda::Function': (name) => `lambda:us-east-1:${ACCOUNT}:function:${name}`,
  'AWS::Logs::LogGroup': (name) => `logs:us-east-1:${ACCOUNT}:log-group:${name}:*`,
  'AWS::S3::Bucket': (name) => `s3:::${name.toLowerCase()}`,
  'AWS::SNS::Topic': (name) => `sns:us-east-1:${ACCOUNT}:${name}`,
  'AWS::SQS::Queue': (name) => `sqs:us-east-1:${ACCOUNT}:${name}`,
  'AWS::StepFunctions::StateMachine': (name) => `states:us-east-1:${ACCOUNT}:stateMachine:${name}`,
};
/** Resources whose `Ref` is their ARN. */
const REF_IS_ARN = ['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine'];

/** Every identity policy, by its id in the template. */
export function policiesOf(template: Template): Map<string, string> {
  const types = new Map<string, string>(
    Object.entries(template.toJSON().Resources as Record<string, { Type: string }>).map(
      ([id, { Type }]) => [id, Type],
    ),
  );
  const arnOf = (id: string): string => {
    const rest = ARNS[types.get(id) ?? ''];
    if (rest === undefined) throw new Error(`${id}: no ARN of a ${types.get(id)} is known`);
    return `arn:aws:${rest(id)}`;
  };
  const resolve = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, given]] = Object.entries(value) as [[string, Json]];
    switch (name) {
      case 'Ref':
        return (
          PARAMETERS[given] ?? (REF_IS_ARN.includes(types.get(given) ?? '') ? arnOf(given) : given)
        );
      case 'Fn::GetAtt':
        return given[1] === 'Arn' ? arnOf(given[0]) : given[0];
      case 'Fn::Join':
        return resolve(given[1]).join(given[0]);
      default:
        return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolve(one)]));
    }
  };
  return new Map(
    resourcesOf(template, 'AWS::IAM::Policy').map(([id, { Properties }]) => [
      id,
      JSON.stringify(resolve(Properties.PolicyDocument)),
    ]),
  );
}

/** The state machine's definition, with a name in the place of every ARN that CloudFormation makes. */
export function definitionsOf(template: Template): object[] {
  return resourcesOf(template, 'AWS::StepFunctions::StateMachine').map(([, { Properties }]) => {
    const text = (value: Json): string => {
      if (typeof value === 'string') return value;
      if (value['Fn::Join']) return value['Fn::Join'][1].map(text).join(value['Fn::Join'][0]);
      const [[name, given]] = Object.entries(value) as [[string, Json]];
      if (name === 'Ref' && PARAMETERS[given] !== undefined) return PARAMETERS[given];
      return `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${[given].flat()[0]}`;
    };
    return JSON.parse(text(Properties.DefinitionString));
  });
}
