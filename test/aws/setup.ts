// One emulator for all deployed tests; its connection data is provided to each file.

import type { TestProject } from 'vitest/node';
import { startEmulator } from './emulator.ts';

declare module 'vitest' {
  interface ProvidedContext {
    awsEnv: Record<string, string>;
    awsCertificate: string | null;
    emulatorGroup: number | null;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const emulator = await startEmulator();
  project.provide('awsEnv', { ...emulator.env });
  project.provide('awsCertificate', emulator.certificate);
  project.provide('emulatorGroup', emulator.processGroup);
  return () => emulator.stop();
}
