import { afterAll, beforeAll, describe } from 'vitest';
import { accessContract } from './openstack/access.ts';
import { Connected, type ContractCloud } from './openstack/cloud.ts';
import { credentialContract } from './openstack/credentials.ts';
import { identityContract } from './openstack/identity.ts';
import { infrastructureContract } from './openstack/infrastructure.ts';
import { loginContract } from './openstack/login.ts';
import { quotaContract } from './openstack/quotas.ts';
import { manilaContract, shareTypeContract } from './openstack/share-types.ts';
import { shareContract } from './openstack/shares.ts';
import { snapshotContract } from './openstack/snapshots.ts';

/**
 * What the program relies on in Keystone and Manila: statuses, bodies, headers and order. Each statement holds for the
 * embedded services and for real ones; where it does not, the embedded ones are wrong.
 *
 * @param start makes the cloud known once the tests run
 */
export function openStackContract(start: () => Promise<ContractCloud>): void {
  describe('OpenStack', () => {
    let connected: Connected;
    const cloud = (): Connected => connected;

    beforeAll(async () => {
      connected = await new Connected(await start()).connect();
    });
    afterAll(async () => {
      await connected.cleanUp();
    });

    loginContract(cloud);
    identityContract(cloud);
    credentialContract(cloud);
    manilaContract(cloud);
    shareTypeContract(cloud);
    quotaContract(cloud);
    shareContract(cloud);
    accessContract(cloud);
    snapshotContract(cloud);
    infrastructureContract(cloud);
  });
}
