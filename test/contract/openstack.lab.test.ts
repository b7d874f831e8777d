import { afterAll, expect, it } from 'vitest';
import { startOpenStack, type LabOpenStack } from '../../src/lab/openstack/index.ts';
import { Connected } from './openstack/cloud.ts';
import { openStackContract } from './openstack.contract.ts';

let lab: LabOpenStack | undefined;

openStackContract(async () => {
  lab = await startOpenStack({ delayMs: 10 });
  return lab;
});

afterAll(async () => {
  await lab?.close();
});

// What cannot be chosen in a real Manila without another configuration of it.
it('names the default share type where its configuration has one', async () => {
  const other = await startOpenStack({ delayMs: 10, defaultShareType: 'gold' });
  try {
    const cloud = await new Connected(other).connect();
    const extra_specs = { driver_handles_share_servers: 'False' };
    await cloud.admin.manila('POST', '/types', { json: { share_type: { name: 'gold', extra_specs } } });
    expect(await cloud.alice.manila('GET', '/types/default')).toMatchObject({
      status: 200,
      body: { share_type: { name: 'gold', is_default: true } },
    });
  } finally {
    await other.close();
  }
});
