import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Connected, itemsOf, type Json, namesOf } from './cluster.ts';

const IMAGE = 'docker.io/library/busybox:1.36';

/** Pods: where they run, what they say, and what can be run in them. */
export function podContract(cluster: () => Connected): void {
  describe('pods', () => {
    let ns = '';
    let nodes: string[] = [];
    const container = (script: string): Json => ({ name: 'c', image: IMAGE, command: ['sh', '-c', script] });
    const pod = (name: string, spec: Json): Json => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: name } },
      spec: { terminationGracePeriodSeconds: 0, ...spec },
    });
    const phase = ({ body }: Answer): unknown => (body as { status?: { phase?: string } }).status?.phase;
    const messages = async (name: string): Promise<string[]> => {
      const selector = encodeURIComponent(`involvedObject.name=${name}`);
      return itemsOf(await cluster().get(`${ns}/events?fieldSelector=${selector}`)).map(
        (event) => `${String(event['reason'])}: ${String(event['message'])}`,
      );
    };

    beforeAll(async () => {
      ns = await cluster().namespace('pods');
      nodes = namesOf(await cluster().get('/api/v1/nodes'));
      const made = await cluster().post(
        `${ns}/pods`,
        pod('shell', { containers: [container('echo started; sleep 3600')] }),
      );
      expect(made).toMatchObject({
        status: 201,
        body: {
          spec: { restartPolicy: 'Always', serviceAccountName: 'default', schedulerName: 'default-scheduler' },
          status: { phase: 'Pending', qosClass: 'BestEffort' },
        },
      });
      await cluster().until(`${ns}/pods/shell`, (answer) => phase(answer) === 'Running');
    });

    it('are scheduled, started and ready', async () => {
      const { body } = await cluster().get(`${ns}/pods/shell`);
      const { spec, status } = body as {
        spec: { nodeName: string };
        status: { conditions: Json[]; containerStatuses: Json[] };
      };
      expect(nodes).toContain(spec.nodeName);
      expect(status.conditions.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'True' });
      expect(status.containerStatuses).toMatchObject([
        { name: 'c', ready: true, started: true, restartCount: 0, state: { running: {} } },
      ]);
      expect(await messages('shell')).toEqual(
        expect.arrayContaining([
          `Scheduled: Successfully assigned ${ns.split('/').at(-1) ?? ''}/shell to ${spec.nodeName}`,
          'Started: Container started',
        ]) as string[],
      );
    });

    it('keep what they say', async () => {
      await cluster().until(`${ns}/pods/shell/log`, ({ body }) => body !== '');
      expect(await cluster().get(`${ns}/pods/shell/log?container=c`)).toMatchObject({ status: 200, body: 'started\n' });
    });

    it('run commands over v5.channel.k8s.io, with streams of their own', async () => {
      const done = await cluster().exec(`${ns}/pods/shell`, ['sh', '-c', 'echo out; echo err >&2']);
      expect(done).toEqual({
        protocol: 'v5.channel.k8s.io',
        stdout: 'out\n',
        stderr: 'err\n',
        status: { metadata: {}, status: 'Success' },
      });
    });

    it('end the input of a command when its client does', async () => {
      const done = await cluster().exec(`${ns}/pods/shell`, ['cat'], { stdin: 'some text' });
      expect(done).toMatchObject({ stdout: 'some text', status: { status: 'Success' } });
    });

    it('tell the exit code of a command', async () => {
      const done = await cluster().exec(`${ns}/pods/shell`, ['sh', '-c', 'exit 7']);
      expect(done.status).toMatchObject({
        status: 'Failure',
        reason: 'NonZeroExitCode',
        message: 'command terminated with non-zero exit code: command terminated with exit code 7',
        details: { causes: [{ reason: 'ExitCode', message: '7' }] },
      });
    });

    it('refuse commands in a pod or a container that is not there', async () => {
      await expect(cluster().exec(`${ns}/pods/none`, ['true'])).rejects.toThrow('Unexpected server response: 404');
      await expect(cluster().exec(`${ns}/pods/shell`, ['true'], { container: 'none' })).rejects.toThrow(
        'Unexpected server response: 400',
      );
    });

    it('end, with a code and for good, where they are not restarted', async () => {
      await cluster().post(`${ns}/pods`, pod('fails', { restartPolicy: 'Never', containers: [container('exit 3')] }));
      const { body } = await cluster().until(`${ns}/pods/fails`, (answer) => phase(answer) === 'Failed');
      expect((body as { status: Json }).status['containerStatuses']).toMatchObject([
        { ready: false, state: { terminated: { exitCode: 3, reason: 'Error' } } },
      ]);
    });

    it('wait for a node that fits, and say why', async () => {
      await cluster().post(
        `${ns}/pods`,
        pod('nowhere', { nodeSelector: { none: 'here' }, containers: [container('true')] }),
      );
      const { body } = await cluster().until(`${ns}/pods/nowhere`, ({ body: now }) =>
        JSON.stringify(now).includes('Unschedulable'),
      );
      const { conditions } = (body as { status: { conditions: Json[] } }).status;
      expect(conditions.find(({ type }) => type === 'PodScheduled')).toMatchObject({
        status: 'False',
        reason: 'Unschedulable',
        message: expect.stringMatching(
          new RegExp(`^0/${nodes.length} nodes are available: .*node\\(s\\) didn't match Pod's node affinity/selector`),
        ) as string,
      });
      expect((await messages('nowhere')).join()).toContain('FailedScheduling: 0/');
    });

    it('keep away from each other where they ask for it', async () => {
      const affinity = {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { group: 'apart' } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      };
      for (let index = 0; index < 2; index++) {
        const one = pod(`apart${index}`, { affinity, containers: [container('sleep 3600')] });
        await cluster().post(`${ns}/pods`, { ...one, metadata: { name: `apart${index}`, labels: { group: 'apart' } } });
      }
      const on = async (name: string): Promise<string> => {
        const { body } = await cluster().until(`${ns}/pods/${name}`, (answer) => phase(answer) === 'Running');
        return (body as { spec: { nodeName: string } }).spec.nodeName;
      };
      expect(await on('apart0')).not.toBe(await on('apart1'));
    });

    it('wait for their claim', async () => {
      const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'none' } }];
      await cluster().post(`${ns}/pods`, pod('claimless', { volumes, containers: [container('true')] }));
      const { body } = await cluster().until(`${ns}/pods/claimless`, ({ body: now }) =>
        JSON.stringify(now).includes('Unschedulable'),
      );
      expect(JSON.stringify(body)).toContain('persistentvolumeclaim \\"none\\" not found');
    });

    it('are made by Deployments and DaemonSets, which count them', async () => {
      const name = 'work';
      const apps = `/apis/apps/v1/namespaces/${ns.split('/').at(-1) ?? ''}`;
      const labels = { app: name };
      const template = {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 0, containers: [container('sleep 3600')] },
      };
      const of = (kind: string, more: Json): Json => ({
        apiVersion: 'apps/v1',
        kind,
        metadata: { name },
        spec: { selector: { matchLabels: labels }, template, ...more },
      });
      const status = ({ body }: Answer): Json => (body as { status: Json }).status;
      await cluster().post(`${apps}/deployments`, of('Deployment', { replicas: 2 }));
      const deployed = await cluster().until(
        `${apps}/deployments/${name}`,
        (one) => status(one)['availableReplicas'] === 2,
      );
      expect(status(deployed)).toMatchObject({
        observedGeneration: 1,
        replicas: 2,
        readyReplicas: 2,
        updatedReplicas: 2,
      });
      const owners = itemsOf(await cluster().get(`${ns}/pods?labelSelector=app%3D${name}`)).flatMap(
        ({ metadata }) => (metadata as unknown as { ownerReferences: { kind: string }[] }).ownerReferences,
      );
      expect(owners.map(({ kind }) => kind)).toEqual(['ReplicaSet', 'ReplicaSet']);
      await cluster().delete(`${apps}/deployments/${name}`, { propagationPolicy: 'Background' });
      await cluster().until(`${ns}/pods?labelSelector=app%3D${name}`, (one) => itemsOf(one).length === 0);

      await cluster().post(`${apps}/daemonsets`, of('DaemonSet', {}));
      const set = await cluster().until(
        `${apps}/daemonsets/${name}`,
        (one) => status(one)['numberAvailable'] === nodes.length,
      );
      expect(status(set)).toMatchObject({ desiredNumberScheduled: nodes.length, numberReady: nodes.length });
    });

    it('are deleted at once without grace', async () => {
      expect((await cluster().delete(`${ns}/pods/shell`, { gracePeriodSeconds: 0 })).status).toBe(200);
      await cluster().until(`${ns}/pods/shell`, ({ status }) => status === 404);
    });
  });

  describe('nodes', () => {
    it('say what drives them', async () => {
      const [node] = itemsOf(await cluster().get('/api/v1/nodes'));
      expect(node).toMatchObject({
        metadata: { labels: { 'kubernetes.io/hostname': node?.metadata.name, 'kubernetes.io/os': 'linux' } },
        status: { nodeInfo: { kubeletVersion: expect.stringMatching(/^v1\./) as string } },
      });
      const { conditions } = (node as unknown as { status: { conditions: Json[] } }).status;
      expect(conditions.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'True' });
      const csi = await cluster().get('/apis/storage.k8s.io/v1/csinodes');
      expect(namesOf(csi)).toContain(node?.metadata.name);
    });
  });
}
