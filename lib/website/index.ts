// The dashboard: its files in the bucket, and CloudFront before it, which alone may read them.

import { CustomResource, Duration, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Function as CloudFrontFunction,
  Distribution,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction, IFunctionUrl } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CURVE_PATH } from '../../core/history/curve-parameters.ts';
import { PREFIXES } from '../../lambdas/names.ts';
import type { Boards } from '../boards/index.ts';
import { bundle, digest } from '../bundle.ts';
import { NodeFunction } from '../node-function.ts';
import { acknowledge, allow } from '../reasons.ts';
import type { Results } from '../results/index.ts';
import type { Domain } from '../settings.ts';
import { curveCache, curveFunction } from './curve.ts';
import { dataPolicy, SITE_POLICY } from './headers.ts';
import { notFoundCode } from './not-found.ts';
import type { SiteFiles } from './site.ts';

export interface WebsiteProps {
  readonly results: Results;
  readonly logRetention: RetentionDays;
  /** The built page (site.ts). */
  readonly site: SiteFiles;
  /** Folders of the archives whose history is published. */
  readonly folders: readonly string[];
  /** CloudFront; without it the files are still in the bucket. @default true */
  readonly cdn?: boolean;
  /** @default null: CloudFront's own name */
  readonly domain?: Domain | null;
  /** @default null: no boards */
  readonly boards?: Boards | null;
}

export class Website extends Construct {
  /** undefined without a CDN. */
  readonly distribution: Distribution | undefined;
  /** Where a browser finds the dashboard; undefined without a CDN. */
  readonly url: string | undefined;

  constructor(scope: Construct, id: string, props: WebsiteProps) {
    super(scope, id);
    this.publishFiles(props);
    const curve = curveFunction(this, props);
    if (props.cdn ?? true) {
      this.distribution = this.makeDistribution(props, curve);
      this.url = `https://${props.domain?.name ?? this.distribution.distributionDomainName}/`;
    }
  }

  /** CDK's BucketDeployment does this with Python and an AWS CLI layer, which emulators lack. */
  private publishFiles({ results: { bucket }, logRetention, site }: WebsiteProps): void {
    const paths = [...site.keys()];
    const publisher = new NodeFunction(this, 'Publisher', {
      code: bundle({
        entry: 'lambdas/publish-site.lambda.ts',
        files: new Map([...site].map(([path, bytes]) => [`site/${path}`, bytes])),
      }),
      description: 'Mirrorwatch publish-site: puts the files of the dashboard into the bucket',
      memory: 256,
      timeout: Duration.minutes(2),
      logRetention,
    });
    const foldersAndRootFiles = new Set(paths.map((path) => path.replace(/\/.*/s, '/*')));
    allow(publisher.role, {
      actions: ['s3:PutObject'],
      resources: [...foldersAndRootFiles].sort().map((key) => bucket.arnForObjects(key)),
      why: "the site's own folders, whose files have hashes in their names",
    });
    allow(publisher.role, { actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });
    allow(publisher.role, {
      actions: ['s3:DeleteObject'],
      resources: [bucket.arnForObjects('*')],
      why: 'a build before may have had files of any name; results are denied below',
    });
    publisher.role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['s3:DeleteObject'],
        resources: Object.values(PREFIXES).map((prefix) => bucket.arnForObjects(`${prefix}*`)),
      }),
    );
    const { code } = publisher.function.node.defaultChild as CfnFunction;
    const files = new CustomResource(this, 'Files', {
      resourceType: 'Custom::MirrorwatchSite',
      serviceToken: publisher.function.functionArn,
      properties: {
        Bucket: bucket.bucketName,
        // The next update receives both as properties of the last build.
        Build: digest(site),
        Paths: paths,
        // It publishes when its code changes, and its code includes the files.
        Code: (code as CfnFunction.CodeProperty).s3Key,
      },
    });
    // The policy is a separate resource, so publishing must wait for it.
    files.node.addDependency(publisher);
  }

  private makeDistribution(
    { results, domain, site, boards }: WebsiteProps,
    curve: IFunctionUrl,
  ): Distribution {
    const common: BehaviorOptions = {
      // With LIST a missing key is S3's 404; without it a 403, and the page could not tell. The
      // listing is not reachable: `/` is index.html, and query strings are dropped.
      origin: S3BucketOrigin.withOriginAccessControl(results.bucket as IBucket, {
        originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
      }),
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: new CachePolicy(this, 'Cache', {
        comment: 'Mirrorwatch: as long as each object says, a minute where it says nothing',
        minTtl: Duration.seconds(0),
        defaultTtl: Duration.minutes(1),
        maxTtl: Duration.days(365),
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
      }),
      compress: true,
    };
    const siteHeaders = new ResponseHeadersPolicy(this, 'Headers', SITE_POLICY);
    const dataHeaders = new ResponseHeadersPolicy(this, 'DataHeaders', dataPolicy(Boolean(boards)));
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Mirrorwatch dashboard',
      defaultRootObject: 'index.html',
      defaultBehavior: {
        ...common,
        responseHeadersPolicy: siteHeaders,
        functionAssociations: [
          {
            eventType: FunctionEventType.VIEWER_REQUEST,
            function: new CloudFrontFunction(this, 'NotFound', {
              comment: 'Mirrorwatch: a page for an address that the site does not have',
              code: FunctionCode.fromInline(notFoundCode(site)),
              runtime: FunctionRuntime.JS_2_0,
            }),
          },
        ],
      },
      additionalBehaviors: {
        // A missing document stays the bucket's 404.
        [`${PREFIXES.data}*`]: {
          ...common,
          responseHeadersPolicy: dataHeaders,
        },
        [CURVE_PATH]: {
          ...common,
          origin: FunctionUrlOrigin.withOriginAccessControl(curve),
          cachePolicy: curveCache(this),
          responseHeadersPolicy: dataHeaders,
        },
        // After that of curves: the first pattern that fits decides.
        ...boards?.behaviors({ nowhere: common.origin, headers: siteHeaders }),
      },
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      ...(domain && {
        domainNames: [domain.name],
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
      }),
    });
    this.hideOwnPrefixes(results);
    Validations.of(distribution).acknowledge({
      id: 'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
      reason: 'there is a default root object, as it asks',
    });
    acknowledge(distribution, 'CFR1', 'open data about open data is for every country');
    acknowledge(
      distribution,
      'CFR2',
      'static files without a query or a form: nothing for a firewall to look at',
    );
    acknowledge(
      distribution,
      'CFR3',
      'nobody needs to know who reads the page; not kept means not leaked',
    );
    if (!domain) {
      acknowledge(
        distribution,
        'CFR4',
        "CloudFront's own certificate fixes the TLS versions; with domainName they are TLSv1.2_2021",
      );
    }
    return distribution;
  }

  /** Manifests of runs and kept trees are in the same bucket and are not public. */
  private hideOwnPrefixes({ bucket }: Results): void {
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OwnPrefixesAreNotServed',
        effect: Effect.DENY,
        principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
        actions: ['s3:GetObject'],
        resources: [PREFIXES.runs, PREFIXES.trees].map((prefix) =>
          bucket.arnForObjects(`${prefix}*`),
        ),
      }),
    );
  }
}
