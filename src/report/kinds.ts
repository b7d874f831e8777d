import type { VerifyCleanup } from '../checks/cleanup.ts';
import type { ClaimDiagnosis } from '../checks/diagnose/types.ts';
import type { LintReport } from '../checks/lint/types.ts';
import type { VerifyReport } from '../checks/report.ts';
import type { LabDemo, LabEnvironment, LabRun, LabStatus } from '../commands/lab/reports.ts';
import type {
  InstallReport,
  ManifestsReport,
  StatusReport,
  UninstallReport,
  UpgradeReport,
} from '../drivers/reports.ts';
import type { InitReport } from '../init/report.ts';
import type { AuthLogout, AuthStatus } from '../openstack/auth-status.ts';
import type { QuotaReport } from '../openstack/quota-report.ts';
import type { ShareTypeDetails, ShareTypeList } from '../openstack/share-type-report.ts';
import type { ChangeSet } from '../reconcile/change.ts';
import type { ClaimReport } from '../resources/claims.ts';
import type { CredentialList } from '../resources/credential-list.ts';
import type { CredentialRotation } from '../resources/credential-rotation.ts';
import type { OrphanReport } from '../resources/orphans/report.ts';
import type { ShareImport } from '../resources/share-import/report.ts';
import type { StorageClassList } from '../resources/storage-classes/list.ts';
import type { TenantList } from '../resources/tenants/list.ts';
import type { StorageClassSync } from '../resources/storage-classes/sync.ts';
import type { FileChanges } from '../sections/report.ts';

/**
 * The shape of every result document, by its kind. `npm run schemas` writes a JSON Schema for each of them.
 * A field that is here is a promise: it is renamed or removed only with a new version of the schema.
 */
export interface ResultKinds {
  apply: FileChanges;
  'auth-logout': AuthLogout;
  'auth-status': AuthStatus;
  'change-set': ChangeSet;
  'credential-list': CredentialList;
  'credential-rotation': CredentialRotation;
  claim: ClaimReport;
  'claim-diagnosis': ClaimDiagnosis;
  lint: LintReport;
  'share-import': ShareImport;
  'storage-class-list': StorageClassList;
  'storage-class-sync': StorageClassSync;
  manifests: ManifestsReport;
  'image-list': ImageList;
  init: InitReport;
  install: InstallReport;
  status: StatusReport;
  uninstall: UninstallReport;
  upgrade: UpgradeReport;
  verify: VerifyReport;
  'verify-cleanup': VerifyCleanup;
  orphans: OrphanReport;
  plan: FileChanges;
  quota: QuotaReport;
  'share-type': ShareTypeDetails;
  'share-type-list': ShareTypeList;
  'lab-demo': LabDemo;
  'lab-environment': LabEnvironment;
  'lab-run': LabRun;
  'lab-status': LabStatus;
  'tenant-list': TenantList;
  version: VersionReport;
}

export interface VersionReport {
  /** Version of manila-rwx. */
  version: string;
  /** Version of Node.js that runs it. */
  node: string;
  /** `linux/x64` and the like. */
  platform: string;
}

/** Container images that a command runs, for those who must copy them to a registry of their own. */
export interface ImageList {
  images: {
    /** As it stands in the pod's spec. */
    image: string;
    /** What runs it. */
    use: string;
  }[];
}
