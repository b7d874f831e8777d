import { afterAll, beforeAll, describe } from 'vitest';
import { accessContract } from './kubernetes/access.ts';
import { applyContract } from './kubernetes/apply.ts';
import { claimContract } from './kubernetes/claims.ts';
import { Connected, type ContractCluster } from './kubernetes/cluster.ts';
import { customContract } from './kubernetes/custom.ts';
import { deletionContract } from './kubernetes/deletion.ts';
import { discoveryContract } from './kubernetes/discovery.ts';
import { kindContract } from './kubernetes/kinds.ts';
import { listContract } from './kubernetes/lists.ts';
import { objectContract } from './kubernetes/objects.ts';
import { patchContract } from './kubernetes/patches.ts';
import { podContract } from './kubernetes/pods.ts';
import { snapshotContract } from './kubernetes/snapshots.ts';
import { watchContract } from './kubernetes/watches.ts';

/**
 * What the program relies on in Kubernetes: statuses, bodies, order, watches and apply. Each statement holds for the
 * embedded cluster and for a real one; where it does not, the embedded one is wrong.
 *
 * @param start makes the cluster known once the tests run
 * @param expire makes version `1` too old for a watch. A real server forgets after minutes, when it likes: without
 *   this nothing is said of it.
 */
export function kubernetesContract(start: () => Promise<ContractCluster>, expire?: () => void): void {
  describe('Kubernetes', () => {
    let connected: Connected;
    const cluster = (): Connected => connected;

    beforeAll(async () => {
      connected = await Connected.to(await start());
    });
    afterAll(async () => {
      await connected.cleanUp();
    });

    discoveryContract(cluster);
    objectContract(cluster);
    listContract(cluster);
    watchContract(cluster, expire);
    applyContract(cluster);
    patchContract(cluster);
    deletionContract(cluster);
    kindContract(cluster);
    accessContract(cluster);
    customContract(cluster);
    podContract(cluster);
    claimContract(cluster);
    snapshotContract(cluster);
  });
}
