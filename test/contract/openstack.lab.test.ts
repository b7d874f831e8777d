import { afterAll } from 'vitest';
import { startOpenStack, type LabOpenStack } from '../../src/lab/openstack/index.ts';
import { openStackContract } from './openstack.contract.ts';

let lab: LabOpenStack | undefined;

openStackContract(async () => {
  lab = await startOpenStack({ delayMs: 10 });
  return lab;
});

afterAll(async () => {
  await lab?.close();
});
