import { core, sentenceCause } from '../said.ts';

export const mountOptions = sentenceCause({
  id: 'mount-options',
  stage: 'mounting',
  pattern: /protocol not supported|incorrect mount option|invalid argument|rpc\.statd|nolock/i,
  summary: (_facts, said) => `mount(8) on the node refuses the options: ${core(said)}`,
  remedy: () =>
    'set mountOptions of the class to what the storage speaks: nfsvers=4.1; volumes that exist keep theirs (spec.mountOptions of the volume)',
});
