import { sentenceCause } from '../said.ts';

export const exportMissing = sentenceCause({
  id: 'export-missing',
  stage: 'mounting',
  pattern: /no such file or directory|failed to choose an export location/i,
  summary: ({ manila }) =>
    manila && manila.locations.length === 0
      ? 'the share has no export location'
      : `the storage has no such export${manila?.locations[0] ? ` as ${manila.locations[0].path}` : ''}`,
  remedy: () => 'compare the share’s export locations with what the storage exports; ask the cloud’s operator',
});
