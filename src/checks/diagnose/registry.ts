import { accessRuleRefused } from './causes/access-rule-refused.ts';
import { availabilityZone } from './causes/availability-zone.ts';
import { badParameter } from './causes/bad-parameter.ts';
import { classMissing } from './causes/class-missing.ts';
import { cloudUnreachable, cloudUnreachableFromNode } from './causes/cloud-unreachable.ts';
import { controllerDown } from './causes/controller-down.ts';
import { credentialForbidden } from './causes/credential-forbidden.ts';
import { credentialRefused, credentialRefusedOnNode } from './causes/credential-refused.ts';
import { driverMissingOnNode } from './causes/driver-missing-on-node.ts';
import { exportMissing } from './causes/export-missing.ts';
import { mountDenied } from './causes/mount-denied.ts';
import { mountFailed, provisioningFailed } from './causes/mount-failed.ts';
import { mountOptions } from './causes/mount-options.ts';
import { mountUnreachable } from './causes/mount-unreachable.ts';
import { noDefaultClass } from './causes/no-default-class.ts';
import { noValidHost, shareInError } from './causes/no-valid-host.ts';
import { noVolume } from './causes/no-volume.ts';
import { otherDriver } from './causes/other-driver.ts';
import { podNotReady } from './causes/pod-not-ready.ts';
import { podNotScheduled } from './causes/pod-not-scheduled.ts';
import { provisionerMissing } from './causes/provisioner-missing.ts';
import { provisionerSilent } from './causes/provisioner-silent.ts';
import { quotaExceeded } from './causes/quota-exceeded.ts';
import { secretForbidden } from './causes/secret-forbidden.ts';
import { secretGoneOnNode } from './causes/secret-gone-on-node.ts';
import { secretInvalid } from './causes/secret-invalid.ts';
import { secretMissing } from './causes/secret-missing.ts';
import { shareMissing } from './causes/share-missing.ts';
import { shareNetwork } from './causes/share-network.ts';
import { shareNotAvailable } from './causes/share-not-available.ts';
import { shareTypeMissing } from './causes/share-type-missing.ts';
import { volumeLost } from './causes/volume-lost.ts';
import { waitsForPod } from './causes/waits-for-pod.ts';
import type { Cause } from './types.ts';

/**
 * Every cause that `pvc diagnose` knows, the surer before the vaguer: the first that fits is the one. A new cause is a
 * file under `causes/` and a line here.
 */
export const CAUSES: readonly Cause[] = [
  // What the objects themselves show.
  volumeLost,
  noDefaultClass,
  noVolume,
  classMissing,
  provisionerMissing,
  otherDriver,
  waitsForPod,
  controllerDown,
  // What the provisioner was told.
  secretMissing,
  secretForbidden,
  secretInvalid,
  credentialRefused,
  shareTypeMissing,
  shareNetwork,
  quotaExceeded,
  noValidHost,
  availabilityZone,
  accessRuleRefused,
  badParameter,
  credentialForbidden,
  cloudUnreachable,
  shareInError,
  provisioningFailed,
  provisionerSilent,
  // What the pod's node was told.
  podNotScheduled,
  driverMissingOnNode,
  shareMissing,
  shareNotAvailable,
  secretGoneOnNode,
  credentialRefusedOnNode,
  cloudUnreachableFromNode,
  mountDenied,
  mountUnreachable,
  exportMissing,
  mountOptions,
  mountFailed,
  podNotReady,
];

/** Causes that are nobody's fault. */
export const WAITING: ReadonlySet<string> = new Set(['waits-for-pod']);
