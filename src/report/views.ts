import type { ResultKind } from '../core/result.ts';
import type { View } from './view.ts';

type ViewLoader = { [K in ResultKind]: () => Promise<View<K>> };

/** The view of every kind of result, loaded when it is needed. A new kind is a line here and one in kinds.ts. */
export const VIEWS: ViewLoader = {
  apply: async () => (await import('./views/file-changes.ts')).applyView,
  'auth-logout': async () => (await import('./views/auth-logout.ts')).authLogoutView,
  'auth-status': async () => (await import('./views/auth-status.ts')).authStatusView,
  'change-set': async () => (await import('./views/change-set.ts')).changeSetView,
  'credential-list': async () => (await import('./views/credential.ts')).credentialListView,
  'credential-rotation': async () => (await import('./views/credential.ts')).credentialRotationView,
  claim: async () => (await import('./views/claim.ts')).claimView,
  'claim-diagnosis': async () => (await import('./views/claim-diagnosis.ts')).claimDiagnosisView,
  'share-import': async () => (await import('./views/share-import.ts')).shareImportView,
  lint: async () => (await import('./views/lint.ts')).lintView,
  'storage-class-list': async () => (await import('./views/storage-class-list.ts')).storageClassListView,
  'storage-class-sync': async () => (await import('./views/storage-class-sync.ts')).storageClassSyncView,
  manifests: async () => (await import('./views/manifests.ts')).manifestsView,
  'image-list': async () => (await import('./views/image-list.ts')).imageListView,
  init: async () => (await import('./views/init.ts')).initView,
  install: async () => (await import('./views/install.ts')).installView,
  status: async () => (await import('./views/status.ts')).statusView,
  uninstall: async () => (await import('./views/uninstall.ts')).uninstallView,
  upgrade: async () => (await import('./views/upgrade.ts')).upgradeView,
  verify: async () => (await import('./views/verify.ts')).verifyView,
  'verify-cleanup': async () => (await import('./views/verify-cleanup.ts')).verifyCleanupView,
  orphans: async () => (await import('./views/orphans.ts')).orphansView,
  plan: async () => (await import('./views/file-changes.ts')).planView,
  quota: async () => (await import('./views/quota.ts')).quotaView,
  'share-type': async () => (await import('./views/share-type.ts')).shareTypeView,
  'share-type-list': async () => (await import('./views/share-type-list.ts')).shareTypeListView,
  'lab-demo': async () => (await import('./views/lab.ts')).labDemoView,
  'lab-environment': async () => (await import('./views/lab.ts')).labEnvironmentView,
  'lab-run': async () => (await import('./views/lab.ts')).labRunView,
  'lab-status': async () => (await import('./views/lab.ts')).labStatusView,
  'tenant-list': async () => (await import('./views/tenant-list.ts')).tenantListView,
  version: async () => (await import('./views/version.ts')).versionView,
};
