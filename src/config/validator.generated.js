// Written by scripts/schemas.mjs from src/config/types.ts.
var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

// node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJS({
  "node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    function ucs2length(str) {
      const len = str.length;
      let length = 0;
      let pos = 0;
      let value;
      while (pos < len) {
        length++;
        value = str.charCodeAt(pos++);
        if (value >= 55296 && value <= 56319 && pos < len) {
          value = str.charCodeAt(pos);
          if ((value & 64512) === 56320)
            pos++;
        }
      }
      return length;
    }
    exports.default = ucs2length;
    ucs2length.code = 'require("ajv/dist/runtime/ucs2length").default';
  }
});

// node_modules/fast-deep-equal/index.js
var require_fast_deep_equal = __commonJS({
  "node_modules/fast-deep-equal/index.js"(exports, module) {
    "use strict";
    module.exports = function equal(a, b) {
      if (a === b) return true;
      if (a && b && typeof a == "object" && typeof b == "object") {
        if (a.constructor !== b.constructor) return false;
        var length, i, keys;
        if (Array.isArray(a)) {
          length = a.length;
          if (length != b.length) return false;
          for (i = length; i-- !== 0; )
            if (!equal(a[i], b[i])) return false;
          return true;
        }
        if (a.constructor === RegExp) return a.source === b.source && a.flags === b.flags;
        if (a.valueOf !== Object.prototype.valueOf) return a.valueOf() === b.valueOf();
        if (a.toString !== Object.prototype.toString) return a.toString() === b.toString();
        keys = Object.keys(a);
        length = keys.length;
        if (length !== Object.keys(b).length) return false;
        for (i = length; i-- !== 0; )
          if (!Object.prototype.hasOwnProperty.call(b, keys[i])) return false;
        for (i = length; i-- !== 0; ) {
          var key = keys[i];
          if (!equal(a[key], b[key])) return false;
        }
        return true;
      }
      return a !== a && b !== b;
    };
  }
});

// node_modules/ajv/dist/runtime/equal.js
var require_equal = __commonJS({
  "node_modules/ajv/dist/runtime/equal.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    var equal = require_fast_deep_equal();
    equal.code = 'require("ajv/dist/runtime/equal").default';
    exports.default = equal;
  }
});

// <stdin>
var validate = validate21;
var stdin_default = validate21;
var schema6 = { "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": { "version": { "type": "number", "const": 1, "description": "Version of this format." }, "installation": { "type": "string", "description": "Name of this file among those that keep share types in the same cloud: `--prune` deletes only share types that were made under the same name.", "pattern": "^[A-Za-z0-9]([-_.A-Za-z0-9]{0,62})$" }, "cloud": { "$ref": "#/definitions/CloudSpec", "description": "The OpenStack cloud. Without it, OS_CLOUD or the other OS_* variables choose." }, "cluster": { "$ref": "#/definitions/ClusterSpec", "description": "The Kubernetes cluster. Without it, the kubeconfig's current context." }, "drivers": { "$ref": "#/definitions/DriversSpec", "description": "The CSI drivers to install." }, "credential": { "$ref": "#/definitions/CredentialSpec", "description": "The project and user whose shares the volumes are." }, "shareTypes": { "type": "array", "items": { "$ref": "#/definitions/ShareTypeSpec" }, "description": "Manila share types to keep. Types that are not listed are left alone." }, "quotas": { "type": "array", "items": { "$ref": "#/definitions/QuotaSpec" }, "description": "Manila quotas to keep. Keys that are not listed are left alone." }, "storageClasses": { "$ref": "#/definitions/StorageClassesSpec", "description": "How StorageClasses follow share types." }, "tenants": { "type": "array", "items": { "$ref": "#/definitions/TenantSpec" }, "description": "Namespaces whose volumes are shares of a project of their own, by a credential of their own." } }, "required": ["version"], "additionalProperties": false, "description": "The file `manila-rwx.yaml`. `npm run schemas` turns this type into `schemas/manila-rwx.schema.json`, by which the file is checked and editors complete it; the comments here are what an editor shows.", "definitions": { "CloudSpec": { "type": "object", "properties": { "name": { "type": "string", "description": "Name of an entry of clouds.yaml.", "minLength": 1 }, "region": { "type": "string", "description": "Region of the endpoints.", "minLength": 1 } }, "additionalProperties": false }, "ClusterSpec": { "type": "object", "properties": { "context": { "type": "string", "description": "Context of the kubeconfig.", "minLength": 1 }, "namespace": { "type": "string", "description": "Namespace of the drivers and of their Secrets.", "pattern": "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "default": "manila-csi" }, "kubeletDirectory": { "type": "string", "description": "The kubelet's root folder on the nodes, where it cannot be found by itself.", "pattern": "^/" } }, "additionalProperties": false }, "DriversSpec": { "type": "object", "properties": { "protocols": { "type": "array", "items": { "$ref": "#/definitions/Protocol" }, "description": "Share protocols to install drivers for.", "minItems": 1, "uniqueItems": true, "default": ["NFS"] }, "snapshots": { "type": "string", "enum": ["auto", "install", "off"], "description": "VolumeSnapshots. `auto` uses them where the cluster has them; `install` also installs their CRDs and the snapshot-controller where they are missing; `off` leaves them out.", "default": "auto" }, "topology": { "type": "boolean", "description": "Make volumes in the zone of the pod that uses them first. The availability zones of Nova and of Manila must have the same names.", "default": false }, "version": { "type": "string", "description": "Version of Manila CSI, with what is known to work with it; what is installed, or the newest.", "minLength": 1 }, "registry": { "type": "string", "description": "Registry to pull images from instead of their own, with a prefix if any: registry.example.com/mirror.", "minLength": 1 }, "replicas": { "type": "integer", "description": "Pods of the controller.", "minimum": 1, "maximum": 5, "default": 2 } }, "additionalProperties": false }, "Protocol": { "type": "string", "enum": ["NFS", "CEPHFS"] }, "CredentialSpec": { "type": "object", "properties": { "project": { "type": "string", "description": "Project (name or id) that owns the shares.", "minLength": 1 }, "user": { "type": "string", "description": "`create` makes a service user with role member in the project; otherwise the name of a user to make it with.", "minLength": 1, "default": "create" }, "cloud": { "type": "string", "description": "Instead of project and user: an entry of clouds.yaml that makes the credential for itself.", "minLength": 1 }, "expiresIn": { "type": "string", "description": "How long a new credential is valid: 90d, 180d.", "pattern": "^(\\d+(ms|s|m|h|d))+$", "default": "180d" }, "rotateBefore": { "type": "string", "description": "How long before its end it is replaced.", "pattern": "^(\\d+(ms|s|m|h|d))+$", "default": "30d" } }, "additionalProperties": false }, "ShareTypeSpec": { "type": "object", "properties": { "name": { "type": "string", "minLength": 1, "maxLength": 255 }, "description": { "type": "string", "maxLength": 255 }, "protocol": { "$ref": "#/definitions/Protocol", "description": "Share protocol that volumes of this type speak.", "default": "NFS" }, "driverHandlesShareServers": { "type": "boolean", "description": "Does the driver make a share server for each share network? Fixed once the type exists.", "default": false }, "snapshots": { "$ref": "#/definitions/SnapshotSpec", "description": "What shares of this type can do with snapshots." }, "extraSpecs": { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean", "null"] }, "description": "Further extra specs, as `openstack share type set --extra-specs` takes them. `null` takes a key away, whoever set it; a key that is taken out of this file is taken from the type if this file had set it." }, "access": { "anyOf": [{ "type": "string", "const": "public" }, { "type": "array", "items": { "type": "string" } }], "description": "Everybody, or a list of projects by name or id.", "default": "public" } }, "required": ["name"], "additionalProperties": false }, "SnapshotSpec": { "type": "object", "properties": { "create": { "type": "boolean", "description": "Extra spec snapshot_support." }, "restore": { "type": "boolean", "description": "Extra spec create_share_from_snapshot_support." }, "revert": { "type": "boolean", "description": "Extra spec revert_to_snapshot_support." }, "mount": { "type": "boolean", "description": "Extra spec mount_snapshot_support." } }, "additionalProperties": false }, "QuotaSpec": { "type": "object", "properties": { "shares": { "$ref": "#/definitions/Limit" }, "gigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "snapshots": { "$ref": "#/definitions/Limit" }, "snapshotGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "shareReplicas": { "$ref": "#/definitions/Limit" }, "replicaGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "shareNetworks": { "$ref": "#/definitions/Limit" }, "shareGroups": { "$ref": "#/definitions/Limit" }, "shareGroupSnapshots": { "$ref": "#/definitions/Limit" }, "perShareGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "backups": { "$ref": "#/definitions/Limit" }, "backupGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "encryptionKeys": { "$ref": "#/definitions/Limit" }, "project": { "type": "string", "description": "Project, by name or id.", "minLength": 1 }, "shareTypes": { "type": "object", "additionalProperties": { "anyOf": [{ "$ref": "#/definitions/ShareTypeQuotaSpec" }, { "type": "string", "const": "inherit" }] }, "description": "Limits of single share types within the project's, by the type's name; `inherit` takes all of them away." }, "users": { "type": "object", "additionalProperties": { "anyOf": [{ "$ref": "#/definitions/UserQuotaSpec" }, { "type": "string", "const": "inherit" }] }, "description": "Limits of single users within the project's, by the user's name or id; `inherit` takes all of them away." } }, "required": ["project"], "additionalProperties": false }, "Limit": { "anyOf": [{ "$ref": "#/definitions/Count" }, { "type": "string", "const": "inherit" }], "description": "A limit: -1 is unlimited, `inherit` is that of the next above: of the project for a share type or a user, of the cloud for a project." }, "Count": { "type": "integer", "minimum": -1 }, "ShareTypeQuotaSpec": { "type": "object", "properties": { "shares": { "$ref": "#/definitions/Limit" }, "gigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "snapshots": { "$ref": "#/definitions/Limit" }, "snapshotGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "shareReplicas": { "$ref": "#/definitions/Limit" }, "replicaGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." } }, "additionalProperties": false, "description": "Limits that a project, a user or a share type can have. Sizes in GiB." }, "UserQuotaSpec": { "type": "object", "properties": { "shares": { "$ref": "#/definitions/Limit" }, "gigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "snapshots": { "$ref": "#/definitions/Limit" }, "snapshotGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "shareReplicas": { "$ref": "#/definitions/Limit" }, "replicaGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "shareNetworks": { "$ref": "#/definitions/Limit" }, "shareGroups": { "$ref": "#/definitions/Limit" }, "shareGroupSnapshots": { "$ref": "#/definitions/Limit" }, "perShareGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "backups": { "$ref": "#/definitions/Limit" }, "backupGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "encryptionKeys": { "$ref": "#/definitions/Limit" } }, "additionalProperties": false, "description": "Limits that a project or a user can have." }, "StorageClassesSpec": { "type": "object", "properties": { "prefix": { "type": "string", "description": "In front of each class's name.", "pattern": "^[a-z0-9]([-a-z0-9.]{0,60})?$", "default": "csi-manila-" }, "default": { "type": "string", "description": "Share type whose class is the cluster's default class.", "minLength": 1 }, "include": { "type": "array", "items": { "type": "string" }, "description": "Share types to make classes for, with `*` as wildcard.", "default": ["*"] }, "exclude": { "type": "array", "items": { "type": "string" }, "description": "Share types to leave out, with `*` as wildcard.", "default": [] }, "shareClients": { "$ref": "#/definitions/ShareClients", "description": "Who may mount the shares: addresses or CIDRs of the nodes. `nodes` is every node by its own address, which only `storageclass sync --watch` keeps right as nodes come and go. Without it, the CIDRs of the nodes' subnets." }, "shareNetwork": { "type": "string", "description": "Share network (name or id) of the drivers' project, for share types whose back end makes share servers. Without it, the only one that the project has.", "minLength": 1 }, "userEdits": { "$ref": "#/definitions/UserEdits", "description": "What becomes of edits that people make to mountOptions, allowVolumeExpansion and allowedTopologies of a class: kept until the file says something new, or restored to what the file says.", "default": "keep" }, "overrides": { "type": "object", "additionalProperties": { "$ref": "#/definitions/StorageClassOverride" }, "description": "Settings of single classes, by the name of the share type." } }, "additionalProperties": false }, "ShareClients": { "anyOf": [{ "type": "string", "const": "nodes" }, { "type": "array", "items": { "type": "string" }, "minItems": 1 }] }, "UserEdits": { "type": "string", "enum": ["keep", "restore"] }, "StorageClassOverride": { "type": "object", "properties": { "reclaimPolicy": { "type": "string", "enum": ["Delete", "Retain"], "default": "Delete" }, "volumeBindingMode": { "type": "string", "enum": ["Immediate", "WaitForFirstConsumer"], "default": "Immediate" }, "allowVolumeExpansion": { "type": "boolean", "default": true }, "mountOptions": { "type": "array", "items": { "type": "string" }, "description": "Mount options, such as nfsvers=4.1." }, "shareClients": { "type": "array", "items": { "type": "string" }, "description": "Who may mount shares of this class, instead of the common list.", "minItems": 1 }, "availabilityZone": { "type": "string", "description": "Manila availability zone.", "minLength": 1 }, "protocol": { "$ref": "#/definitions/Protocol", "description": "Protocol, where the share type's extra specs and back ends leave more than one." }, "shareNetwork": { "type": "string", "description": "Share network (name or id) of the drivers' project, instead of the common one.", "minLength": 1 }, "snapshotDeletionPolicy": { "type": "string", "enum": ["Delete", "Retain"], "default": "Delete" }, "userEdits": { "$ref": "#/definitions/UserEdits", "description": "What becomes of people's edits to this class, instead of the common rule." } }, "additionalProperties": false }, "TenantSpec": { "type": "object", "properties": { "namespace": { "type": "string", "description": "Namespace of the claims. It is made if it is not there.", "pattern": "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }, "project": { "type": "string", "description": "Project (name or id) that owns the shares.", "minLength": 1 }, "user": { "type": "string", "description": "`create` makes a service user with role member in the project; otherwise the name of a user to make it with.", "minLength": 1, "default": "create" }, "cloud": { "type": "string", "description": "Instead of project and user: an entry of clouds.yaml that makes the credential for itself.", "minLength": 1 }, "storageClasses": { "type": "array", "items": { "type": "string" }, "description": "Share types that the tenant has StorageClasses for, with `*` as wildcard.", "default": ["*"] }, "resourceQuota": { "type": "boolean", "description": "Keep a ResourceQuota in the namespace that says what the project's Manila quota says, and that leaves no room in the driver's other StorageClasses?", "default": false } }, "required": ["namespace"], "additionalProperties": false, "description": "A namespace bound to a project. It needs `project`, or `cloud` in its place." } } };
var func2 = Object.prototype.hasOwnProperty;
var pattern0 = new RegExp("^[A-Za-z0-9]([-_.A-Za-z0-9]{0,62})$", "u");
var schema7 = { "type": "object", "properties": { "name": { "type": "string", "description": "Name of an entry of clouds.yaml.", "minLength": 1 }, "region": { "type": "string", "description": "Region of the endpoints.", "minLength": 1 } }, "additionalProperties": false };
var func3 = require_ucs2length().default;
function validate22(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "name" || key0 === "region")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema7, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.name !== void 0) {
      let data0 = data.name;
      if (typeof data0 === "string") {
        if (func3(data0) < 1) {
          const err1 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7.properties.name, data: data0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.properties.name.type, parentSchema: schema7.properties.name, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.region !== void 0) {
      let data1 = data.region;
      if (typeof data1 === "string") {
        if (func3(data1) < 1) {
          const err3 = { instancePath: instancePath + "/region", schemaPath: "#/properties/region/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7.properties.region, data: data1 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/region", schemaPath: "#/properties/region/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.properties.region.type, parentSchema: schema7.properties.region, data: data1 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
  } else {
    const err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema7.type, parentSchema: schema7, data };
    if (vErrors === null) {
      vErrors = [err5];
    } else {
      vErrors.push(err5);
    }
    errors++;
  }
  validate22.errors = vErrors;
  return errors === 0;
}
var schema8 = { "type": "object", "properties": { "context": { "type": "string", "description": "Context of the kubeconfig.", "minLength": 1 }, "namespace": { "type": "string", "description": "Namespace of the drivers and of their Secrets.", "pattern": "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "default": "manila-csi" }, "kubeletDirectory": { "type": "string", "description": "The kubelet's root folder on the nodes, where it cannot be found by itself.", "pattern": "^/" } }, "additionalProperties": false };
var pattern1 = new RegExp("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "u");
var pattern2 = new RegExp("^/", "u");
function validate24(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "context" || key0 === "namespace" || key0 === "kubeletDirectory")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema8, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.context !== void 0) {
      let data0 = data.context;
      if (typeof data0 === "string") {
        if (func3(data0) < 1) {
          const err1 = { instancePath: instancePath + "/context", schemaPath: "#/properties/context/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema8.properties.context, data: data0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath: instancePath + "/context", schemaPath: "#/properties/context/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema8.properties.context.type, parentSchema: schema8.properties.context, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.namespace !== void 0) {
      let data1 = data.namespace;
      if (typeof data1 === "string") {
        if (!pattern1.test(data1)) {
          const err3 = { instancePath: instancePath + "/namespace", schemaPath: "#/properties/namespace/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }, message: 'must match pattern "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"', schema: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", parentSchema: schema8.properties.namespace, data: data1 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/namespace", schemaPath: "#/properties/namespace/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema8.properties.namespace.type, parentSchema: schema8.properties.namespace, data: data1 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.kubeletDirectory !== void 0) {
      let data2 = data.kubeletDirectory;
      if (typeof data2 === "string") {
        if (!pattern2.test(data2)) {
          const err5 = { instancePath: instancePath + "/kubeletDirectory", schemaPath: "#/properties/kubeletDirectory/pattern", keyword: "pattern", params: { pattern: "^/" }, message: 'must match pattern "^/"', schema: "^/", parentSchema: schema8.properties.kubeletDirectory, data: data2 };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/kubeletDirectory", schemaPath: "#/properties/kubeletDirectory/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema8.properties.kubeletDirectory.type, parentSchema: schema8.properties.kubeletDirectory, data: data2 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
  } else {
    const err7 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema8.type, parentSchema: schema8, data };
    if (vErrors === null) {
      vErrors = [err7];
    } else {
      vErrors.push(err7);
    }
    errors++;
  }
  validate24.errors = vErrors;
  return errors === 0;
}
var schema9 = { "type": "object", "properties": { "protocols": { "type": "array", "items": { "$ref": "#/definitions/Protocol" }, "description": "Share protocols to install drivers for.", "minItems": 1, "uniqueItems": true, "default": ["NFS"] }, "snapshots": { "type": "string", "enum": ["auto", "install", "off"], "description": "VolumeSnapshots. `auto` uses them where the cluster has them; `install` also installs their CRDs and the snapshot-controller where they are missing; `off` leaves them out.", "default": "auto" }, "topology": { "type": "boolean", "description": "Make volumes in the zone of the pod that uses them first. The availability zones of Nova and of Manila must have the same names.", "default": false }, "version": { "type": "string", "description": "Version of Manila CSI, with what is known to work with it; what is installed, or the newest.", "minLength": 1 }, "registry": { "type": "string", "description": "Registry to pull images from instead of their own, with a prefix if any: registry.example.com/mirror.", "minLength": 1 }, "replicas": { "type": "integer", "description": "Pods of the controller.", "minimum": 1, "maximum": 5, "default": 2 } }, "additionalProperties": false };
var schema10 = { "type": "string", "enum": ["NFS", "CEPHFS"] };
function validate27(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (typeof data !== "string") {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema10.type, parentSchema: schema10, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if (!(data === "NFS" || data === "CEPHFS")) {
    const err1 = { instancePath, schemaPath: "#/enum", keyword: "enum", params: { allowedValues: schema10.enum }, message: "must be equal to one of the allowed values", schema: schema10.enum, parentSchema: schema10, data };
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  validate27.errors = vErrors;
  return errors === 0;
}
var func0 = require_equal().default;
function validate26(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "protocols" || key0 === "snapshots" || key0 === "topology" || key0 === "version" || key0 === "registry" || key0 === "replicas")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema9, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.protocols !== void 0) {
      let data0 = data.protocols;
      if (Array.isArray(data0)) {
        if (data0.length < 1) {
          const err1 = { instancePath: instancePath + "/protocols", schemaPath: "#/properties/protocols/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema9.properties.protocols, data: data0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++) {
          if (!validate27(data0[i0], { instancePath: instancePath + "/protocols/" + i0, parentData: data0, parentDataProperty: i0, rootData })) {
            vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
            errors = vErrors.length;
          }
        }
        let i1 = data0.length;
        let j0;
        if (i1 > 1) {
          outer0:
            for (; i1--; ) {
              for (j0 = i1; j0--; ) {
                if (func0(data0[i1], data0[j0])) {
                  const err2 = { instancePath: instancePath + "/protocols", schemaPath: "#/properties/protocols/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)", schema: true, parentSchema: schema9.properties.protocols, data: data0 };
                  if (vErrors === null) {
                    vErrors = [err2];
                  } else {
                    vErrors.push(err2);
                  }
                  errors++;
                  break outer0;
                }
              }
            }
        }
      } else {
        const err3 = { instancePath: instancePath + "/protocols", schemaPath: "#/properties/protocols/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema9.properties.protocols.type, parentSchema: schema9.properties.protocols, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.snapshots !== void 0) {
      let data2 = data.snapshots;
      if (typeof data2 !== "string") {
        const err4 = { instancePath: instancePath + "/snapshots", schemaPath: "#/properties/snapshots/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema9.properties.snapshots.type, parentSchema: schema9.properties.snapshots, data: data2 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
      if (!(data2 === "auto" || data2 === "install" || data2 === "off")) {
        const err5 = { instancePath: instancePath + "/snapshots", schemaPath: "#/properties/snapshots/enum", keyword: "enum", params: { allowedValues: schema9.properties.snapshots.enum }, message: "must be equal to one of the allowed values", schema: schema9.properties.snapshots.enum, parentSchema: schema9.properties.snapshots, data: data2 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.topology !== void 0) {
      let data3 = data.topology;
      if (typeof data3 !== "boolean") {
        const err6 = { instancePath: instancePath + "/topology", schemaPath: "#/properties/topology/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema9.properties.topology.type, parentSchema: schema9.properties.topology, data: data3 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.version !== void 0) {
      let data4 = data.version;
      if (typeof data4 === "string") {
        if (func3(data4) < 1) {
          const err7 = { instancePath: instancePath + "/version", schemaPath: "#/properties/version/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema9.properties.version, data: data4 };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
      } else {
        const err8 = { instancePath: instancePath + "/version", schemaPath: "#/properties/version/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema9.properties.version.type, parentSchema: schema9.properties.version, data: data4 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.registry !== void 0) {
      let data5 = data.registry;
      if (typeof data5 === "string") {
        if (func3(data5) < 1) {
          const err9 = { instancePath: instancePath + "/registry", schemaPath: "#/properties/registry/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema9.properties.registry, data: data5 };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
      } else {
        const err10 = { instancePath: instancePath + "/registry", schemaPath: "#/properties/registry/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema9.properties.registry.type, parentSchema: schema9.properties.registry, data: data5 };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
    if (data.replicas !== void 0) {
      let data6 = data.replicas;
      if (!(typeof data6 == "number" && (!(data6 % 1) && !isNaN(data6)))) {
        const err11 = { instancePath: instancePath + "/replicas", schemaPath: "#/properties/replicas/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema9.properties.replicas.type, parentSchema: schema9.properties.replicas, data: data6 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
      if (typeof data6 == "number") {
        if (data6 > 5 || isNaN(data6)) {
          const err12 = { instancePath: instancePath + "/replicas", schemaPath: "#/properties/replicas/maximum", keyword: "maximum", params: { comparison: "<=", limit: 5 }, message: "must be <= 5", schema: 5, parentSchema: schema9.properties.replicas, data: data6 };
          if (vErrors === null) {
            vErrors = [err12];
          } else {
            vErrors.push(err12);
          }
          errors++;
        }
        if (data6 < 1 || isNaN(data6)) {
          const err13 = { instancePath: instancePath + "/replicas", schemaPath: "#/properties/replicas/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema9.properties.replicas, data: data6 };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
      }
    }
  } else {
    const err14 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema9.type, parentSchema: schema9, data };
    if (vErrors === null) {
      vErrors = [err14];
    } else {
      vErrors.push(err14);
    }
    errors++;
  }
  validate26.errors = vErrors;
  return errors === 0;
}
var schema11 = { "type": "object", "properties": { "project": { "type": "string", "description": "Project (name or id) that owns the shares.", "minLength": 1 }, "user": { "type": "string", "description": "`create` makes a service user with role member in the project; otherwise the name of a user to make it with.", "minLength": 1, "default": "create" }, "cloud": { "type": "string", "description": "Instead of project and user: an entry of clouds.yaml that makes the credential for itself.", "minLength": 1 }, "expiresIn": { "type": "string", "description": "How long a new credential is valid: 90d, 180d.", "pattern": "^(\\d+(ms|s|m|h|d))+$", "default": "180d" }, "rotateBefore": { "type": "string", "description": "How long before its end it is replaced.", "pattern": "^(\\d+(ms|s|m|h|d))+$", "default": "30d" } }, "additionalProperties": false };
var pattern3 = new RegExp("^(\\d+(ms|s|m|h|d))+$", "u");
function validate30(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "project" || key0 === "user" || key0 === "cloud" || key0 === "expiresIn" || key0 === "rotateBefore")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.project !== void 0) {
      let data0 = data.project;
      if (typeof data0 === "string") {
        if (func3(data0) < 1) {
          const err1 = { instancePath: instancePath + "/project", schemaPath: "#/properties/project/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.project, data: data0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath: instancePath + "/project", schemaPath: "#/properties/project/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.project.type, parentSchema: schema11.properties.project, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.user !== void 0) {
      let data1 = data.user;
      if (typeof data1 === "string") {
        if (func3(data1) < 1) {
          const err3 = { instancePath: instancePath + "/user", schemaPath: "#/properties/user/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.user, data: data1 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/user", schemaPath: "#/properties/user/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.user.type, parentSchema: schema11.properties.user, data: data1 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.cloud !== void 0) {
      let data2 = data.cloud;
      if (typeof data2 === "string") {
        if (func3(data2) < 1) {
          const err5 = { instancePath: instancePath + "/cloud", schemaPath: "#/properties/cloud/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.cloud, data: data2 };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/cloud", schemaPath: "#/properties/cloud/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.cloud.type, parentSchema: schema11.properties.cloud, data: data2 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.expiresIn !== void 0) {
      let data3 = data.expiresIn;
      if (typeof data3 === "string") {
        if (!pattern3.test(data3)) {
          const err7 = { instancePath: instancePath + "/expiresIn", schemaPath: "#/properties/expiresIn/pattern", keyword: "pattern", params: { pattern: "^(\\d+(ms|s|m|h|d))+$" }, message: 'must match pattern "^(\\d+(ms|s|m|h|d))+$"', schema: "^(\\d+(ms|s|m|h|d))+$", parentSchema: schema11.properties.expiresIn, data: data3 };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
      } else {
        const err8 = { instancePath: instancePath + "/expiresIn", schemaPath: "#/properties/expiresIn/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.expiresIn.type, parentSchema: schema11.properties.expiresIn, data: data3 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.rotateBefore !== void 0) {
      let data4 = data.rotateBefore;
      if (typeof data4 === "string") {
        if (!pattern3.test(data4)) {
          const err9 = { instancePath: instancePath + "/rotateBefore", schemaPath: "#/properties/rotateBefore/pattern", keyword: "pattern", params: { pattern: "^(\\d+(ms|s|m|h|d))+$" }, message: 'must match pattern "^(\\d+(ms|s|m|h|d))+$"', schema: "^(\\d+(ms|s|m|h|d))+$", parentSchema: schema11.properties.rotateBefore, data: data4 };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
      } else {
        const err10 = { instancePath: instancePath + "/rotateBefore", schemaPath: "#/properties/rotateBefore/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.rotateBefore.type, parentSchema: schema11.properties.rotateBefore, data: data4 };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
  } else {
    const err11 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.type, parentSchema: schema11, data };
    if (vErrors === null) {
      vErrors = [err11];
    } else {
      vErrors.push(err11);
    }
    errors++;
  }
  validate30.errors = vErrors;
  return errors === 0;
}
var schema12 = { "type": "object", "properties": { "name": { "type": "string", "minLength": 1, "maxLength": 255 }, "description": { "type": "string", "maxLength": 255 }, "protocol": { "$ref": "#/definitions/Protocol", "description": "Share protocol that volumes of this type speak.", "default": "NFS" }, "driverHandlesShareServers": { "type": "boolean", "description": "Does the driver make a share server for each share network? Fixed once the type exists.", "default": false }, "snapshots": { "$ref": "#/definitions/SnapshotSpec", "description": "What shares of this type can do with snapshots." }, "extraSpecs": { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean", "null"] }, "description": "Further extra specs, as `openstack share type set --extra-specs` takes them. `null` takes a key away, whoever set it; a key that is taken out of this file is taken from the type if this file had set it." }, "access": { "anyOf": [{ "type": "string", "const": "public" }, { "type": "array", "items": { "type": "string" } }], "description": "Everybody, or a list of projects by name or id.", "default": "public" } }, "required": ["name"], "additionalProperties": false };
var schema13 = { "type": "object", "properties": { "create": { "type": "boolean", "description": "Extra spec snapshot_support." }, "restore": { "type": "boolean", "description": "Extra spec create_share_from_snapshot_support." }, "revert": { "type": "boolean", "description": "Extra spec revert_to_snapshot_support." }, "mount": { "type": "boolean", "description": "Extra spec mount_snapshot_support." } }, "additionalProperties": false };
function validate34(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "create" || key0 === "restore" || key0 === "revert" || key0 === "mount")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema13, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.create !== void 0) {
      let data0 = data.create;
      if (typeof data0 !== "boolean") {
        const err1 = { instancePath: instancePath + "/create", schemaPath: "#/properties/create/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema13.properties.create.type, parentSchema: schema13.properties.create, data: data0 };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.restore !== void 0) {
      let data1 = data.restore;
      if (typeof data1 !== "boolean") {
        const err2 = { instancePath: instancePath + "/restore", schemaPath: "#/properties/restore/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema13.properties.restore.type, parentSchema: schema13.properties.restore, data: data1 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.revert !== void 0) {
      let data2 = data.revert;
      if (typeof data2 !== "boolean") {
        const err3 = { instancePath: instancePath + "/revert", schemaPath: "#/properties/revert/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema13.properties.revert.type, parentSchema: schema13.properties.revert, data: data2 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.mount !== void 0) {
      let data3 = data.mount;
      if (typeof data3 !== "boolean") {
        const err4 = { instancePath: instancePath + "/mount", schemaPath: "#/properties/mount/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema13.properties.mount.type, parentSchema: schema13.properties.mount, data: data3 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
  } else {
    const err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema13.type, parentSchema: schema13, data };
    if (vErrors === null) {
      vErrors = [err5];
    } else {
      vErrors.push(err5);
    }
    errors++;
  }
  validate34.errors = vErrors;
  return errors === 0;
}
function validate32(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.name === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'", schema: schema12.required, parentSchema: schema12, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "name" || key0 === "description" || key0 === "protocol" || key0 === "driverHandlesShareServers" || key0 === "snapshots" || key0 === "extraSpecs" || key0 === "access")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema12, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.name !== void 0) {
      let data0 = data.name;
      if (typeof data0 === "string") {
        if (func3(data0) > 255) {
          const err2 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/maxLength", keyword: "maxLength", params: { limit: 255 }, message: "must NOT have more than 255 characters", schema: 255, parentSchema: schema12.properties.name, data: data0 };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
        if (func3(data0) < 1) {
          const err3 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema12.properties.name, data: data0 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema12.properties.name.type, parentSchema: schema12.properties.name, data: data0 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.description !== void 0) {
      let data1 = data.description;
      if (typeof data1 === "string") {
        if (func3(data1) > 255) {
          const err5 = { instancePath: instancePath + "/description", schemaPath: "#/properties/description/maxLength", keyword: "maxLength", params: { limit: 255 }, message: "must NOT have more than 255 characters", schema: 255, parentSchema: schema12.properties.description, data: data1 };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/description", schemaPath: "#/properties/description/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema12.properties.description.type, parentSchema: schema12.properties.description, data: data1 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.protocol !== void 0) {
      if (!validate27(data.protocol, { instancePath: instancePath + "/protocol", parentData: data, parentDataProperty: "protocol", rootData })) {
        vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
        errors = vErrors.length;
      }
    }
    if (data.driverHandlesShareServers !== void 0) {
      let data3 = data.driverHandlesShareServers;
      if (typeof data3 !== "boolean") {
        const err7 = { instancePath: instancePath + "/driverHandlesShareServers", schemaPath: "#/properties/driverHandlesShareServers/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema12.properties.driverHandlesShareServers.type, parentSchema: schema12.properties.driverHandlesShareServers, data: data3 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.snapshots !== void 0) {
      if (!validate34(data.snapshots, { instancePath: instancePath + "/snapshots", parentData: data, parentDataProperty: "snapshots", rootData })) {
        vErrors = vErrors === null ? validate34.errors : vErrors.concat(validate34.errors);
        errors = vErrors.length;
      }
    }
    if (data.extraSpecs !== void 0) {
      let data5 = data.extraSpecs;
      if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
        for (const key1 in data5) {
          let data6 = data5[key1];
          if (typeof data6 !== "string" && !(typeof data6 == "number") && typeof data6 !== "boolean" && data6 !== null) {
            const err8 = { instancePath: instancePath + "/extraSpecs/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/extraSpecs/additionalProperties/type", keyword: "type", params: { type: schema12.properties.extraSpecs.additionalProperties.type }, message: "must be string,number,boolean,null", schema: schema12.properties.extraSpecs.additionalProperties.type, parentSchema: schema12.properties.extraSpecs.additionalProperties, data: data6 };
            if (vErrors === null) {
              vErrors = [err8];
            } else {
              vErrors.push(err8);
            }
            errors++;
          }
        }
      } else {
        const err9 = { instancePath: instancePath + "/extraSpecs", schemaPath: "#/properties/extraSpecs/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema12.properties.extraSpecs.type, parentSchema: schema12.properties.extraSpecs, data: data5 };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.access !== void 0) {
      let data7 = data.access;
      const _errs16 = errors;
      let valid2 = false;
      const _errs17 = errors;
      if (typeof data7 !== "string") {
        const err10 = { instancePath: instancePath + "/access", schemaPath: "#/properties/access/anyOf/0/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema12.properties.access.anyOf[0].type, parentSchema: schema12.properties.access.anyOf[0], data: data7 };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
      if ("public" !== data7) {
        const err11 = { instancePath: instancePath + "/access", schemaPath: "#/properties/access/anyOf/0/const", keyword: "const", params: { allowedValue: "public" }, message: "must be equal to constant", schema: "public", parentSchema: schema12.properties.access.anyOf[0], data: data7 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
      var _valid0 = _errs17 === errors;
      valid2 = valid2 || _valid0;
      if (!valid2) {
        const _errs19 = errors;
        if (Array.isArray(data7)) {
          const len0 = data7.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data8 = data7[i0];
            if (typeof data8 !== "string") {
              const err12 = { instancePath: instancePath + "/access/" + i0, schemaPath: "#/properties/access/anyOf/1/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema12.properties.access.anyOf[1].items.type, parentSchema: schema12.properties.access.anyOf[1].items, data: data8 };
              if (vErrors === null) {
                vErrors = [err12];
              } else {
                vErrors.push(err12);
              }
              errors++;
            }
          }
        } else {
          const err13 = { instancePath: instancePath + "/access", schemaPath: "#/properties/access/anyOf/1/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema12.properties.access.anyOf[1].type, parentSchema: schema12.properties.access.anyOf[1], data: data7 };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
        var _valid0 = _errs19 === errors;
        valid2 = valid2 || _valid0;
      }
      if (!valid2) {
        const err14 = { instancePath: instancePath + "/access", schemaPath: "#/properties/access/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf", schema: schema12.properties.access.anyOf, parentSchema: schema12.properties.access, data: data7 };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      } else {
        errors = _errs16;
        if (vErrors !== null) {
          if (_errs16) {
            vErrors.length = _errs16;
          } else {
            vErrors = null;
          }
        }
      }
    }
  } else {
    const err15 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema12.type, parentSchema: schema12, data };
    if (vErrors === null) {
      vErrors = [err15];
    } else {
      vErrors.push(err15);
    }
    errors++;
  }
  validate32.errors = vErrors;
  return errors === 0;
}
var schema14 = { "type": "object", "properties": { "shares": { "$ref": "#/definitions/Limit" }, "gigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "snapshots": { "$ref": "#/definitions/Limit" }, "snapshotGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "shareReplicas": { "$ref": "#/definitions/Limit" }, "replicaGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "shareNetworks": { "$ref": "#/definitions/Limit" }, "shareGroups": { "$ref": "#/definitions/Limit" }, "shareGroupSnapshots": { "$ref": "#/definitions/Limit" }, "perShareGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "backups": { "$ref": "#/definitions/Limit" }, "backupGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "encryptionKeys": { "$ref": "#/definitions/Limit" }, "project": { "type": "string", "description": "Project, by name or id.", "minLength": 1 }, "shareTypes": { "type": "object", "additionalProperties": { "anyOf": [{ "$ref": "#/definitions/ShareTypeQuotaSpec" }, { "type": "string", "const": "inherit" }] }, "description": "Limits of single share types within the project's, by the type's name; `inherit` takes all of them away." }, "users": { "type": "object", "additionalProperties": { "anyOf": [{ "$ref": "#/definitions/UserQuotaSpec" }, { "type": "string", "const": "inherit" }] }, "description": "Limits of single users within the project's, by the user's name or id; `inherit` takes all of them away." } }, "required": ["project"], "additionalProperties": false };
var schema15 = { "anyOf": [{ "$ref": "#/definitions/Count" }, { "type": "string", "const": "inherit" }], "description": "A limit: -1 is unlimited, `inherit` is that of the next above: of the project for a share type or a user, of the cloud for a project." };
var schema16 = { "type": "integer", "minimum": -1 };
function validate39(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (!(typeof data == "number" && (!(data % 1) && !isNaN(data)))) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema16.type, parentSchema: schema16, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if (typeof data == "number") {
    if (data < -1 || isNaN(data)) {
      const err1 = { instancePath, schemaPath: "#/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema16, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
  }
  validate39.errors = vErrors;
  return errors === 0;
}
function validate38(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (!validate39(data, { instancePath, parentData, parentDataProperty, rootData })) {
    vErrors = vErrors === null ? validate39.errors : vErrors.concat(validate39.errors);
    errors = vErrors.length;
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs2 = errors;
    if (typeof data !== "string") {
      const err0 = { instancePath, schemaPath: "#/anyOf/1/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema15.anyOf[1].type, parentSchema: schema15.anyOf[1], data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if ("inherit" !== data) {
      const err1 = { instancePath, schemaPath: "#/anyOf/1/const", keyword: "const", params: { allowedValue: "inherit" }, message: "must be equal to constant", schema: "inherit", parentSchema: schema15.anyOf[1], data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    var _valid0 = _errs2 === errors;
    valid0 = valid0 || _valid0;
  }
  if (!valid0) {
    const err2 = { instancePath, schemaPath: "#/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf", schema: schema15.anyOf, parentSchema: schema15, data };
    if (vErrors === null) {
      vErrors = [err2];
    } else {
      vErrors.push(err2);
    }
    errors++;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate38.errors = vErrors;
  return errors === 0;
}
var schema17 = { "type": "object", "properties": { "shares": { "$ref": "#/definitions/Limit" }, "gigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "snapshots": { "$ref": "#/definitions/Limit" }, "snapshotGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "shareReplicas": { "$ref": "#/definitions/Limit" }, "replicaGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." } }, "additionalProperties": false, "description": "Limits that a project, a user or a share type can have. Sizes in GiB." };
function validate54(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "shares" || key0 === "gigabytes" || key0 === "snapshots" || key0 === "snapshotGigabytes" || key0 === "shareReplicas" || key0 === "replicaGigabytes")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema17, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.shares !== void 0) {
      if (!validate38(data.shares, { instancePath: instancePath + "/shares", parentData: data, parentDataProperty: "shares", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.gigabytes !== void 0) {
      if (!validate38(data.gigabytes, { instancePath: instancePath + "/gigabytes", parentData: data, parentDataProperty: "gigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.snapshots !== void 0) {
      if (!validate38(data.snapshots, { instancePath: instancePath + "/snapshots", parentData: data, parentDataProperty: "snapshots", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.snapshotGigabytes !== void 0) {
      if (!validate38(data.snapshotGigabytes, { instancePath: instancePath + "/snapshotGigabytes", parentData: data, parentDataProperty: "snapshotGigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareReplicas !== void 0) {
      if (!validate38(data.shareReplicas, { instancePath: instancePath + "/shareReplicas", parentData: data, parentDataProperty: "shareReplicas", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.replicaGigabytes !== void 0) {
      if (!validate38(data.replicaGigabytes, { instancePath: instancePath + "/replicaGigabytes", parentData: data, parentDataProperty: "replicaGigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema17.type, parentSchema: schema17, data };
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  validate54.errors = vErrors;
  return errors === 0;
}
var schema18 = { "type": "object", "properties": { "shares": { "$ref": "#/definitions/Limit" }, "gigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "snapshots": { "$ref": "#/definitions/Limit" }, "snapshotGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "shareReplicas": { "$ref": "#/definitions/Limit" }, "replicaGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "shareNetworks": { "$ref": "#/definitions/Limit" }, "shareGroups": { "$ref": "#/definitions/Limit" }, "shareGroupSnapshots": { "$ref": "#/definitions/Limit" }, "perShareGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "backups": { "$ref": "#/definitions/Limit" }, "backupGigabytes": { "$ref": "#/definitions/Limit", "description": "GiB." }, "encryptionKeys": { "$ref": "#/definitions/Limit" } }, "additionalProperties": false, "description": "Limits that a project or a user can have." };
function validate62(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!func2.call(schema18.properties, key0)) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema18, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.shares !== void 0) {
      if (!validate38(data.shares, { instancePath: instancePath + "/shares", parentData: data, parentDataProperty: "shares", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.gigabytes !== void 0) {
      if (!validate38(data.gigabytes, { instancePath: instancePath + "/gigabytes", parentData: data, parentDataProperty: "gigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.snapshots !== void 0) {
      if (!validate38(data.snapshots, { instancePath: instancePath + "/snapshots", parentData: data, parentDataProperty: "snapshots", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.snapshotGigabytes !== void 0) {
      if (!validate38(data.snapshotGigabytes, { instancePath: instancePath + "/snapshotGigabytes", parentData: data, parentDataProperty: "snapshotGigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareReplicas !== void 0) {
      if (!validate38(data.shareReplicas, { instancePath: instancePath + "/shareReplicas", parentData: data, parentDataProperty: "shareReplicas", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.replicaGigabytes !== void 0) {
      if (!validate38(data.replicaGigabytes, { instancePath: instancePath + "/replicaGigabytes", parentData: data, parentDataProperty: "replicaGigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareNetworks !== void 0) {
      if (!validate38(data.shareNetworks, { instancePath: instancePath + "/shareNetworks", parentData: data, parentDataProperty: "shareNetworks", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareGroups !== void 0) {
      if (!validate38(data.shareGroups, { instancePath: instancePath + "/shareGroups", parentData: data, parentDataProperty: "shareGroups", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareGroupSnapshots !== void 0) {
      if (!validate38(data.shareGroupSnapshots, { instancePath: instancePath + "/shareGroupSnapshots", parentData: data, parentDataProperty: "shareGroupSnapshots", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.perShareGigabytes !== void 0) {
      if (!validate38(data.perShareGigabytes, { instancePath: instancePath + "/perShareGigabytes", parentData: data, parentDataProperty: "perShareGigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.backups !== void 0) {
      if (!validate38(data.backups, { instancePath: instancePath + "/backups", parentData: data, parentDataProperty: "backups", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.backupGigabytes !== void 0) {
      if (!validate38(data.backupGigabytes, { instancePath: instancePath + "/backupGigabytes", parentData: data, parentDataProperty: "backupGigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.encryptionKeys !== void 0) {
      if (!validate38(data.encryptionKeys, { instancePath: instancePath + "/encryptionKeys", parentData: data, parentDataProperty: "encryptionKeys", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema18.type, parentSchema: schema18, data };
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  validate62.errors = vErrors;
  return errors === 0;
}
function validate37(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.project === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "project" }, message: "must have required property 'project'", schema: schema14.required, parentSchema: schema14, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func2.call(schema14.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema14, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.shares !== void 0) {
      if (!validate38(data.shares, { instancePath: instancePath + "/shares", parentData: data, parentDataProperty: "shares", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.gigabytes !== void 0) {
      if (!validate38(data.gigabytes, { instancePath: instancePath + "/gigabytes", parentData: data, parentDataProperty: "gigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.snapshots !== void 0) {
      if (!validate38(data.snapshots, { instancePath: instancePath + "/snapshots", parentData: data, parentDataProperty: "snapshots", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.snapshotGigabytes !== void 0) {
      if (!validate38(data.snapshotGigabytes, { instancePath: instancePath + "/snapshotGigabytes", parentData: data, parentDataProperty: "snapshotGigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareReplicas !== void 0) {
      if (!validate38(data.shareReplicas, { instancePath: instancePath + "/shareReplicas", parentData: data, parentDataProperty: "shareReplicas", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.replicaGigabytes !== void 0) {
      if (!validate38(data.replicaGigabytes, { instancePath: instancePath + "/replicaGigabytes", parentData: data, parentDataProperty: "replicaGigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareNetworks !== void 0) {
      if (!validate38(data.shareNetworks, { instancePath: instancePath + "/shareNetworks", parentData: data, parentDataProperty: "shareNetworks", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareGroups !== void 0) {
      if (!validate38(data.shareGroups, { instancePath: instancePath + "/shareGroups", parentData: data, parentDataProperty: "shareGroups", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareGroupSnapshots !== void 0) {
      if (!validate38(data.shareGroupSnapshots, { instancePath: instancePath + "/shareGroupSnapshots", parentData: data, parentDataProperty: "shareGroupSnapshots", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.perShareGigabytes !== void 0) {
      if (!validate38(data.perShareGigabytes, { instancePath: instancePath + "/perShareGigabytes", parentData: data, parentDataProperty: "perShareGigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.backups !== void 0) {
      if (!validate38(data.backups, { instancePath: instancePath + "/backups", parentData: data, parentDataProperty: "backups", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.backupGigabytes !== void 0) {
      if (!validate38(data.backupGigabytes, { instancePath: instancePath + "/backupGigabytes", parentData: data, parentDataProperty: "backupGigabytes", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.encryptionKeys !== void 0) {
      if (!validate38(data.encryptionKeys, { instancePath: instancePath + "/encryptionKeys", parentData: data, parentDataProperty: "encryptionKeys", rootData })) {
        vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
        errors = vErrors.length;
      }
    }
    if (data.project !== void 0) {
      let data13 = data.project;
      if (typeof data13 === "string") {
        if (func3(data13) < 1) {
          const err2 = { instancePath: instancePath + "/project", schemaPath: "#/properties/project/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema14.properties.project, data: data13 };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/project", schemaPath: "#/properties/project/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema14.properties.project.type, parentSchema: schema14.properties.project, data: data13 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.shareTypes !== void 0) {
      let data14 = data.shareTypes;
      if (data14 && typeof data14 == "object" && !Array.isArray(data14)) {
        for (const key1 in data14) {
          let data15 = data14[key1];
          const _errs21 = errors;
          let valid2 = false;
          const _errs22 = errors;
          if (!validate54(data15, { instancePath: instancePath + "/shareTypes/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data14, parentDataProperty: key1, rootData })) {
            vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
            errors = vErrors.length;
          }
          var _valid0 = _errs22 === errors;
          valid2 = valid2 || _valid0;
          if (!valid2) {
            const _errs23 = errors;
            if (typeof data15 !== "string") {
              const err4 = { instancePath: instancePath + "/shareTypes/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/shareTypes/additionalProperties/anyOf/1/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema14.properties.shareTypes.additionalProperties.anyOf[1].type, parentSchema: schema14.properties.shareTypes.additionalProperties.anyOf[1], data: data15 };
              if (vErrors === null) {
                vErrors = [err4];
              } else {
                vErrors.push(err4);
              }
              errors++;
            }
            if ("inherit" !== data15) {
              const err5 = { instancePath: instancePath + "/shareTypes/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/shareTypes/additionalProperties/anyOf/1/const", keyword: "const", params: { allowedValue: "inherit" }, message: "must be equal to constant", schema: "inherit", parentSchema: schema14.properties.shareTypes.additionalProperties.anyOf[1], data: data15 };
              if (vErrors === null) {
                vErrors = [err5];
              } else {
                vErrors.push(err5);
              }
              errors++;
            }
            var _valid0 = _errs23 === errors;
            valid2 = valid2 || _valid0;
          }
          if (!valid2) {
            const err6 = { instancePath: instancePath + "/shareTypes/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/shareTypes/additionalProperties/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf", schema: schema14.properties.shareTypes.additionalProperties.anyOf, parentSchema: schema14.properties.shareTypes.additionalProperties, data: data15 };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          } else {
            errors = _errs21;
            if (vErrors !== null) {
              if (_errs21) {
                vErrors.length = _errs21;
              } else {
                vErrors = null;
              }
            }
          }
        }
      } else {
        const err7 = { instancePath: instancePath + "/shareTypes", schemaPath: "#/properties/shareTypes/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema14.properties.shareTypes.type, parentSchema: schema14.properties.shareTypes, data: data14 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.users !== void 0) {
      let data16 = data.users;
      if (data16 && typeof data16 == "object" && !Array.isArray(data16)) {
        for (const key2 in data16) {
          let data17 = data16[key2];
          const _errs29 = errors;
          let valid4 = false;
          const _errs30 = errors;
          if (!validate62(data17, { instancePath: instancePath + "/users/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data16, parentDataProperty: key2, rootData })) {
            vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors);
            errors = vErrors.length;
          }
          var _valid1 = _errs30 === errors;
          valid4 = valid4 || _valid1;
          if (!valid4) {
            const _errs31 = errors;
            if (typeof data17 !== "string") {
              const err8 = { instancePath: instancePath + "/users/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/users/additionalProperties/anyOf/1/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema14.properties.users.additionalProperties.anyOf[1].type, parentSchema: schema14.properties.users.additionalProperties.anyOf[1], data: data17 };
              if (vErrors === null) {
                vErrors = [err8];
              } else {
                vErrors.push(err8);
              }
              errors++;
            }
            if ("inherit" !== data17) {
              const err9 = { instancePath: instancePath + "/users/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/users/additionalProperties/anyOf/1/const", keyword: "const", params: { allowedValue: "inherit" }, message: "must be equal to constant", schema: "inherit", parentSchema: schema14.properties.users.additionalProperties.anyOf[1], data: data17 };
              if (vErrors === null) {
                vErrors = [err9];
              } else {
                vErrors.push(err9);
              }
              errors++;
            }
            var _valid1 = _errs31 === errors;
            valid4 = valid4 || _valid1;
          }
          if (!valid4) {
            const err10 = { instancePath: instancePath + "/users/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/users/additionalProperties/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf", schema: schema14.properties.users.additionalProperties.anyOf, parentSchema: schema14.properties.users.additionalProperties, data: data17 };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          } else {
            errors = _errs29;
            if (vErrors !== null) {
              if (_errs29) {
                vErrors.length = _errs29;
              } else {
                vErrors = null;
              }
            }
          }
        }
      } else {
        const err11 = { instancePath: instancePath + "/users", schemaPath: "#/properties/users/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema14.properties.users.type, parentSchema: schema14.properties.users, data: data16 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
  } else {
    const err12 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema14.type, parentSchema: schema14, data };
    if (vErrors === null) {
      vErrors = [err12];
    } else {
      vErrors.push(err12);
    }
    errors++;
  }
  validate37.errors = vErrors;
  return errors === 0;
}
var schema19 = { "type": "object", "properties": { "prefix": { "type": "string", "description": "In front of each class's name.", "pattern": "^[a-z0-9]([-a-z0-9.]{0,60})?$", "default": "csi-manila-" }, "default": { "type": "string", "description": "Share type whose class is the cluster's default class.", "minLength": 1 }, "include": { "type": "array", "items": { "type": "string" }, "description": "Share types to make classes for, with `*` as wildcard.", "default": ["*"] }, "exclude": { "type": "array", "items": { "type": "string" }, "description": "Share types to leave out, with `*` as wildcard.", "default": [] }, "shareClients": { "$ref": "#/definitions/ShareClients", "description": "Who may mount the shares: addresses or CIDRs of the nodes. `nodes` is every node by its own address, which only `storageclass sync --watch` keeps right as nodes come and go. Without it, the CIDRs of the nodes' subnets." }, "shareNetwork": { "type": "string", "description": "Share network (name or id) of the drivers' project, for share types whose back end makes share servers. Without it, the only one that the project has.", "minLength": 1 }, "userEdits": { "$ref": "#/definitions/UserEdits", "description": "What becomes of edits that people make to mountOptions, allowVolumeExpansion and allowedTopologies of a class: kept until the file says something new, or restored to what the file says.", "default": "keep" }, "overrides": { "type": "object", "additionalProperties": { "$ref": "#/definitions/StorageClassOverride" }, "description": "Settings of single classes, by the name of the share type." } }, "additionalProperties": false };
var pattern5 = new RegExp("^[a-z0-9]([-a-z0-9.]{0,60})?$", "u");
var schema20 = { "anyOf": [{ "type": "string", "const": "nodes" }, { "type": "array", "items": { "type": "string" }, "minItems": 1 }] };
function validate79(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  const _errs0 = errors;
  let valid0 = false;
  const _errs1 = errors;
  if (typeof data !== "string") {
    const err0 = { instancePath, schemaPath: "#/anyOf/0/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.anyOf[0].type, parentSchema: schema20.anyOf[0], data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if ("nodes" !== data) {
    const err1 = { instancePath, schemaPath: "#/anyOf/0/const", keyword: "const", params: { allowedValue: "nodes" }, message: "must be equal to constant", schema: "nodes", parentSchema: schema20.anyOf[0], data };
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  var _valid0 = _errs1 === errors;
  valid0 = valid0 || _valid0;
  if (!valid0) {
    const _errs3 = errors;
    if (Array.isArray(data)) {
      if (data.length < 1) {
        const err2 = { instancePath, schemaPath: "#/anyOf/1/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema20.anyOf[1], data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      const len0 = data.length;
      for (let i0 = 0; i0 < len0; i0++) {
        let data0 = data[i0];
        if (typeof data0 !== "string") {
          const err3 = { instancePath: instancePath + "/" + i0, schemaPath: "#/anyOf/1/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema20.anyOf[1].items.type, parentSchema: schema20.anyOf[1].items, data: data0 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      }
    } else {
      const err4 = { instancePath, schemaPath: "#/anyOf/1/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema20.anyOf[1].type, parentSchema: schema20.anyOf[1], data };
      if (vErrors === null) {
        vErrors = [err4];
      } else {
        vErrors.push(err4);
      }
      errors++;
    }
    var _valid0 = _errs3 === errors;
    valid0 = valid0 || _valid0;
  }
  if (!valid0) {
    const err5 = { instancePath, schemaPath: "#/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf", schema: schema20.anyOf, parentSchema: schema20, data };
    if (vErrors === null) {
      vErrors = [err5];
    } else {
      vErrors.push(err5);
    }
    errors++;
  } else {
    errors = _errs0;
    if (vErrors !== null) {
      if (_errs0) {
        vErrors.length = _errs0;
      } else {
        vErrors = null;
      }
    }
  }
  validate79.errors = vErrors;
  return errors === 0;
}
var schema21 = { "type": "string", "enum": ["keep", "restore"] };
function validate81(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (typeof data !== "string") {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema21.type, parentSchema: schema21, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if (!(data === "keep" || data === "restore")) {
    const err1 = { instancePath, schemaPath: "#/enum", keyword: "enum", params: { allowedValues: schema21.enum }, message: "must be equal to one of the allowed values", schema: schema21.enum, parentSchema: schema21, data };
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  validate81.errors = vErrors;
  return errors === 0;
}
var schema22 = { "type": "object", "properties": { "reclaimPolicy": { "type": "string", "enum": ["Delete", "Retain"], "default": "Delete" }, "volumeBindingMode": { "type": "string", "enum": ["Immediate", "WaitForFirstConsumer"], "default": "Immediate" }, "allowVolumeExpansion": { "type": "boolean", "default": true }, "mountOptions": { "type": "array", "items": { "type": "string" }, "description": "Mount options, such as nfsvers=4.1." }, "shareClients": { "type": "array", "items": { "type": "string" }, "description": "Who may mount shares of this class, instead of the common list.", "minItems": 1 }, "availabilityZone": { "type": "string", "description": "Manila availability zone.", "minLength": 1 }, "protocol": { "$ref": "#/definitions/Protocol", "description": "Protocol, where the share type's extra specs and back ends leave more than one." }, "shareNetwork": { "type": "string", "description": "Share network (name or id) of the drivers' project, instead of the common one.", "minLength": 1 }, "snapshotDeletionPolicy": { "type": "string", "enum": ["Delete", "Retain"], "default": "Delete" }, "userEdits": { "$ref": "#/definitions/UserEdits", "description": "What becomes of people's edits to this class, instead of the common rule." } }, "additionalProperties": false };
function validate83(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!func2.call(schema22.properties, key0)) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema22, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.reclaimPolicy !== void 0) {
      let data0 = data.reclaimPolicy;
      if (typeof data0 !== "string") {
        const err1 = { instancePath: instancePath + "/reclaimPolicy", schemaPath: "#/properties/reclaimPolicy/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.properties.reclaimPolicy.type, parentSchema: schema22.properties.reclaimPolicy, data: data0 };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
      if (!(data0 === "Delete" || data0 === "Retain")) {
        const err2 = { instancePath: instancePath + "/reclaimPolicy", schemaPath: "#/properties/reclaimPolicy/enum", keyword: "enum", params: { allowedValues: schema22.properties.reclaimPolicy.enum }, message: "must be equal to one of the allowed values", schema: schema22.properties.reclaimPolicy.enum, parentSchema: schema22.properties.reclaimPolicy, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.volumeBindingMode !== void 0) {
      let data1 = data.volumeBindingMode;
      if (typeof data1 !== "string") {
        const err3 = { instancePath: instancePath + "/volumeBindingMode", schemaPath: "#/properties/volumeBindingMode/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.properties.volumeBindingMode.type, parentSchema: schema22.properties.volumeBindingMode, data: data1 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
      if (!(data1 === "Immediate" || data1 === "WaitForFirstConsumer")) {
        const err4 = { instancePath: instancePath + "/volumeBindingMode", schemaPath: "#/properties/volumeBindingMode/enum", keyword: "enum", params: { allowedValues: schema22.properties.volumeBindingMode.enum }, message: "must be equal to one of the allowed values", schema: schema22.properties.volumeBindingMode.enum, parentSchema: schema22.properties.volumeBindingMode, data: data1 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.allowVolumeExpansion !== void 0) {
      let data2 = data.allowVolumeExpansion;
      if (typeof data2 !== "boolean") {
        const err5 = { instancePath: instancePath + "/allowVolumeExpansion", schemaPath: "#/properties/allowVolumeExpansion/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema22.properties.allowVolumeExpansion.type, parentSchema: schema22.properties.allowVolumeExpansion, data: data2 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.mountOptions !== void 0) {
      let data3 = data.mountOptions;
      if (Array.isArray(data3)) {
        const len0 = data3.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data4 = data3[i0];
          if (typeof data4 !== "string") {
            const err6 = { instancePath: instancePath + "/mountOptions/" + i0, schemaPath: "#/properties/mountOptions/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.properties.mountOptions.items.type, parentSchema: schema22.properties.mountOptions.items, data: data4 };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
        }
      } else {
        const err7 = { instancePath: instancePath + "/mountOptions", schemaPath: "#/properties/mountOptions/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema22.properties.mountOptions.type, parentSchema: schema22.properties.mountOptions, data: data3 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.shareClients !== void 0) {
      let data5 = data.shareClients;
      if (Array.isArray(data5)) {
        if (data5.length < 1) {
          const err8 = { instancePath: instancePath + "/shareClients", schemaPath: "#/properties/shareClients/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema22.properties.shareClients, data: data5 };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
        const len1 = data5.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data6 = data5[i1];
          if (typeof data6 !== "string") {
            const err9 = { instancePath: instancePath + "/shareClients/" + i1, schemaPath: "#/properties/shareClients/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.properties.shareClients.items.type, parentSchema: schema22.properties.shareClients.items, data: data6 };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
        }
      } else {
        const err10 = { instancePath: instancePath + "/shareClients", schemaPath: "#/properties/shareClients/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema22.properties.shareClients.type, parentSchema: schema22.properties.shareClients, data: data5 };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
    if (data.availabilityZone !== void 0) {
      let data7 = data.availabilityZone;
      if (typeof data7 === "string") {
        if (func3(data7) < 1) {
          const err11 = { instancePath: instancePath + "/availabilityZone", schemaPath: "#/properties/availabilityZone/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema22.properties.availabilityZone, data: data7 };
          if (vErrors === null) {
            vErrors = [err11];
          } else {
            vErrors.push(err11);
          }
          errors++;
        }
      } else {
        const err12 = { instancePath: instancePath + "/availabilityZone", schemaPath: "#/properties/availabilityZone/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.properties.availabilityZone.type, parentSchema: schema22.properties.availabilityZone, data: data7 };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
    if (data.protocol !== void 0) {
      if (!validate27(data.protocol, { instancePath: instancePath + "/protocol", parentData: data, parentDataProperty: "protocol", rootData })) {
        vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareNetwork !== void 0) {
      let data9 = data.shareNetwork;
      if (typeof data9 === "string") {
        if (func3(data9) < 1) {
          const err13 = { instancePath: instancePath + "/shareNetwork", schemaPath: "#/properties/shareNetwork/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema22.properties.shareNetwork, data: data9 };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
      } else {
        const err14 = { instancePath: instancePath + "/shareNetwork", schemaPath: "#/properties/shareNetwork/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.properties.shareNetwork.type, parentSchema: schema22.properties.shareNetwork, data: data9 };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.snapshotDeletionPolicy !== void 0) {
      let data10 = data.snapshotDeletionPolicy;
      if (typeof data10 !== "string") {
        const err15 = { instancePath: instancePath + "/snapshotDeletionPolicy", schemaPath: "#/properties/snapshotDeletionPolicy/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema22.properties.snapshotDeletionPolicy.type, parentSchema: schema22.properties.snapshotDeletionPolicy, data: data10 };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
      if (!(data10 === "Delete" || data10 === "Retain")) {
        const err16 = { instancePath: instancePath + "/snapshotDeletionPolicy", schemaPath: "#/properties/snapshotDeletionPolicy/enum", keyword: "enum", params: { allowedValues: schema22.properties.snapshotDeletionPolicy.enum }, message: "must be equal to one of the allowed values", schema: schema22.properties.snapshotDeletionPolicy.enum, parentSchema: schema22.properties.snapshotDeletionPolicy, data: data10 };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
    }
    if (data.userEdits !== void 0) {
      if (!validate81(data.userEdits, { instancePath: instancePath + "/userEdits", parentData: data, parentDataProperty: "userEdits", rootData })) {
        vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err17 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema22.type, parentSchema: schema22, data };
    if (vErrors === null) {
      vErrors = [err17];
    } else {
      vErrors.push(err17);
    }
    errors++;
  }
  validate83.errors = vErrors;
  return errors === 0;
}
function validate78(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "prefix" || key0 === "default" || key0 === "include" || key0 === "exclude" || key0 === "shareClients" || key0 === "shareNetwork" || key0 === "userEdits" || key0 === "overrides")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema19, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.prefix !== void 0) {
      let data0 = data.prefix;
      if (typeof data0 === "string") {
        if (!pattern5.test(data0)) {
          const err1 = { instancePath: instancePath + "/prefix", schemaPath: "#/properties/prefix/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9]([-a-z0-9.]{0,60})?$" }, message: 'must match pattern "^[a-z0-9]([-a-z0-9.]{0,60})?$"', schema: "^[a-z0-9]([-a-z0-9.]{0,60})?$", parentSchema: schema19.properties.prefix, data: data0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath: instancePath + "/prefix", schemaPath: "#/properties/prefix/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.prefix.type, parentSchema: schema19.properties.prefix, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.default !== void 0) {
      let data1 = data.default;
      if (typeof data1 === "string") {
        if (func3(data1) < 1) {
          const err3 = { instancePath: instancePath + "/default", schemaPath: "#/properties/default/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.default, data: data1 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/default", schemaPath: "#/properties/default/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.default.type, parentSchema: schema19.properties.default, data: data1 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.include !== void 0) {
      let data2 = data.include;
      if (Array.isArray(data2)) {
        const len0 = data2.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data3 = data2[i0];
          if (typeof data3 !== "string") {
            const err5 = { instancePath: instancePath + "/include/" + i0, schemaPath: "#/properties/include/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.include.items.type, parentSchema: schema19.properties.include.items, data: data3 };
            if (vErrors === null) {
              vErrors = [err5];
            } else {
              vErrors.push(err5);
            }
            errors++;
          }
        }
      } else {
        const err6 = { instancePath: instancePath + "/include", schemaPath: "#/properties/include/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.include.type, parentSchema: schema19.properties.include, data: data2 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.exclude !== void 0) {
      let data4 = data.exclude;
      if (Array.isArray(data4)) {
        const len1 = data4.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data5 = data4[i1];
          if (typeof data5 !== "string") {
            const err7 = { instancePath: instancePath + "/exclude/" + i1, schemaPath: "#/properties/exclude/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.exclude.items.type, parentSchema: schema19.properties.exclude.items, data: data5 };
            if (vErrors === null) {
              vErrors = [err7];
            } else {
              vErrors.push(err7);
            }
            errors++;
          }
        }
      } else {
        const err8 = { instancePath: instancePath + "/exclude", schemaPath: "#/properties/exclude/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema19.properties.exclude.type, parentSchema: schema19.properties.exclude, data: data4 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.shareClients !== void 0) {
      if (!validate79(data.shareClients, { instancePath: instancePath + "/shareClients", parentData: data, parentDataProperty: "shareClients", rootData })) {
        vErrors = vErrors === null ? validate79.errors : vErrors.concat(validate79.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareNetwork !== void 0) {
      let data7 = data.shareNetwork;
      if (typeof data7 === "string") {
        if (func3(data7) < 1) {
          const err9 = { instancePath: instancePath + "/shareNetwork", schemaPath: "#/properties/shareNetwork/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema19.properties.shareNetwork, data: data7 };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
      } else {
        const err10 = { instancePath: instancePath + "/shareNetwork", schemaPath: "#/properties/shareNetwork/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema19.properties.shareNetwork.type, parentSchema: schema19.properties.shareNetwork, data: data7 };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
    if (data.userEdits !== void 0) {
      if (!validate81(data.userEdits, { instancePath: instancePath + "/userEdits", parentData: data, parentDataProperty: "userEdits", rootData })) {
        vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors);
        errors = vErrors.length;
      }
    }
    if (data.overrides !== void 0) {
      let data9 = data.overrides;
      if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
        for (const key1 in data9) {
          if (!validate83(data9[key1], { instancePath: instancePath + "/overrides/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data9, parentDataProperty: key1, rootData })) {
            vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err11 = { instancePath: instancePath + "/overrides", schemaPath: "#/properties/overrides/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.properties.overrides.type, parentSchema: schema19.properties.overrides, data: data9 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
  } else {
    const err12 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema19.type, parentSchema: schema19, data };
    if (vErrors === null) {
      vErrors = [err12];
    } else {
      vErrors.push(err12);
    }
    errors++;
  }
  validate78.errors = vErrors;
  return errors === 0;
}
var schema23 = { "type": "object", "properties": { "namespace": { "type": "string", "description": "Namespace of the claims. It is made if it is not there.", "pattern": "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }, "project": { "type": "string", "description": "Project (name or id) that owns the shares.", "minLength": 1 }, "user": { "type": "string", "description": "`create` makes a service user with role member in the project; otherwise the name of a user to make it with.", "minLength": 1, "default": "create" }, "cloud": { "type": "string", "description": "Instead of project and user: an entry of clouds.yaml that makes the credential for itself.", "minLength": 1 }, "storageClasses": { "type": "array", "items": { "type": "string" }, "description": "Share types that the tenant has StorageClasses for, with `*` as wildcard.", "default": ["*"] }, "resourceQuota": { "type": "boolean", "description": "Keep a ResourceQuota in the namespace that says what the project's Manila quota says, and that leaves no room in the driver's other StorageClasses?", "default": false } }, "required": ["namespace"], "additionalProperties": false, "description": "A namespace bound to a project. It needs `project`, or `cloud` in its place." };
function validate88(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.namespace === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "namespace" }, message: "must have required property 'namespace'", schema: schema23.required, parentSchema: schema23, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "namespace" || key0 === "project" || key0 === "user" || key0 === "cloud" || key0 === "storageClasses" || key0 === "resourceQuota")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema23, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.namespace !== void 0) {
      let data0 = data.namespace;
      if (typeof data0 === "string") {
        if (!pattern1.test(data0)) {
          const err2 = { instancePath: instancePath + "/namespace", schemaPath: "#/properties/namespace/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }, message: 'must match pattern "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"', schema: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", parentSchema: schema23.properties.namespace, data: data0 };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/namespace", schemaPath: "#/properties/namespace/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema23.properties.namespace.type, parentSchema: schema23.properties.namespace, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.project !== void 0) {
      let data1 = data.project;
      if (typeof data1 === "string") {
        if (func3(data1) < 1) {
          const err4 = { instancePath: instancePath + "/project", schemaPath: "#/properties/project/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema23.properties.project, data: data1 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/project", schemaPath: "#/properties/project/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema23.properties.project.type, parentSchema: schema23.properties.project, data: data1 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.user !== void 0) {
      let data2 = data.user;
      if (typeof data2 === "string") {
        if (func3(data2) < 1) {
          const err6 = { instancePath: instancePath + "/user", schemaPath: "#/properties/user/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema23.properties.user, data: data2 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/user", schemaPath: "#/properties/user/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema23.properties.user.type, parentSchema: schema23.properties.user, data: data2 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.cloud !== void 0) {
      let data3 = data.cloud;
      if (typeof data3 === "string") {
        if (func3(data3) < 1) {
          const err8 = { instancePath: instancePath + "/cloud", schemaPath: "#/properties/cloud/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema23.properties.cloud, data: data3 };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
      } else {
        const err9 = { instancePath: instancePath + "/cloud", schemaPath: "#/properties/cloud/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema23.properties.cloud.type, parentSchema: schema23.properties.cloud, data: data3 };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.storageClasses !== void 0) {
      let data4 = data.storageClasses;
      if (Array.isArray(data4)) {
        const len0 = data4.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data5 = data4[i0];
          if (typeof data5 !== "string") {
            const err10 = { instancePath: instancePath + "/storageClasses/" + i0, schemaPath: "#/properties/storageClasses/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema23.properties.storageClasses.items.type, parentSchema: schema23.properties.storageClasses.items, data: data5 };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
      } else {
        const err11 = { instancePath: instancePath + "/storageClasses", schemaPath: "#/properties/storageClasses/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema23.properties.storageClasses.type, parentSchema: schema23.properties.storageClasses, data: data4 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.resourceQuota !== void 0) {
      let data6 = data.resourceQuota;
      if (typeof data6 !== "boolean") {
        const err12 = { instancePath: instancePath + "/resourceQuota", schemaPath: "#/properties/resourceQuota/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema23.properties.resourceQuota.type, parentSchema: schema23.properties.resourceQuota, data: data6 };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
  } else {
    const err13 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema23.type, parentSchema: schema23, data };
    if (vErrors === null) {
      vErrors = [err13];
    } else {
      vErrors.push(err13);
    }
    errors++;
  }
  validate88.errors = vErrors;
  return errors === 0;
}
function validate21(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.version === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "version" }, message: "must have required property 'version'", schema: schema6.required, parentSchema: schema6, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func2.call(schema6.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema6, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.version !== void 0) {
      let data0 = data.version;
      if (!(typeof data0 == "number")) {
        const err2 = { instancePath: instancePath + "/version", schemaPath: "#/properties/version/type", keyword: "type", params: { type: "number" }, message: "must be number", schema: schema6.properties.version.type, parentSchema: schema6.properties.version, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      if (1 !== data0) {
        const err3 = { instancePath: instancePath + "/version", schemaPath: "#/properties/version/const", keyword: "const", params: { allowedValue: 1 }, message: "must be equal to constant", schema: 1, parentSchema: schema6.properties.version, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.installation !== void 0) {
      let data1 = data.installation;
      if (typeof data1 === "string") {
        if (!pattern0.test(data1)) {
          const err4 = { instancePath: instancePath + "/installation", schemaPath: "#/properties/installation/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9]([-_.A-Za-z0-9]{0,62})$" }, message: 'must match pattern "^[A-Za-z0-9]([-_.A-Za-z0-9]{0,62})$"', schema: "^[A-Za-z0-9]([-_.A-Za-z0-9]{0,62})$", parentSchema: schema6.properties.installation, data: data1 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/installation", schemaPath: "#/properties/installation/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.properties.installation.type, parentSchema: schema6.properties.installation, data: data1 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.cloud !== void 0) {
      if (!validate22(data.cloud, { instancePath: instancePath + "/cloud", parentData: data, parentDataProperty: "cloud", rootData })) {
        vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
        errors = vErrors.length;
      }
    }
    if (data.cluster !== void 0) {
      if (!validate24(data.cluster, { instancePath: instancePath + "/cluster", parentData: data, parentDataProperty: "cluster", rootData })) {
        vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
        errors = vErrors.length;
      }
    }
    if (data.drivers !== void 0) {
      if (!validate26(data.drivers, { instancePath: instancePath + "/drivers", parentData: data, parentDataProperty: "drivers", rootData })) {
        vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
        errors = vErrors.length;
      }
    }
    if (data.credential !== void 0) {
      if (!validate30(data.credential, { instancePath: instancePath + "/credential", parentData: data, parentDataProperty: "credential", rootData })) {
        vErrors = vErrors === null ? validate30.errors : vErrors.concat(validate30.errors);
        errors = vErrors.length;
      }
    }
    if (data.shareTypes !== void 0) {
      let data6 = data.shareTypes;
      if (Array.isArray(data6)) {
        const len0 = data6.length;
        for (let i0 = 0; i0 < len0; i0++) {
          if (!validate32(data6[i0], { instancePath: instancePath + "/shareTypes/" + i0, parentData: data6, parentDataProperty: i0, rootData })) {
            vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err6 = { instancePath: instancePath + "/shareTypes", schemaPath: "#/properties/shareTypes/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema6.properties.shareTypes.type, parentSchema: schema6.properties.shareTypes, data: data6 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.quotas !== void 0) {
      let data8 = data.quotas;
      if (Array.isArray(data8)) {
        const len1 = data8.length;
        for (let i1 = 0; i1 < len1; i1++) {
          if (!validate37(data8[i1], { instancePath: instancePath + "/quotas/" + i1, parentData: data8, parentDataProperty: i1, rootData })) {
            vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err7 = { instancePath: instancePath + "/quotas", schemaPath: "#/properties/quotas/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema6.properties.quotas.type, parentSchema: schema6.properties.quotas, data: data8 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.storageClasses !== void 0) {
      if (!validate78(data.storageClasses, { instancePath: instancePath + "/storageClasses", parentData: data, parentDataProperty: "storageClasses", rootData })) {
        vErrors = vErrors === null ? validate78.errors : vErrors.concat(validate78.errors);
        errors = vErrors.length;
      }
    }
    if (data.tenants !== void 0) {
      let data11 = data.tenants;
      if (Array.isArray(data11)) {
        const len2 = data11.length;
        for (let i2 = 0; i2 < len2; i2++) {
          if (!validate88(data11[i2], { instancePath: instancePath + "/tenants/" + i2, parentData: data11, parentDataProperty: i2, rootData })) {
            vErrors = vErrors === null ? validate88.errors : vErrors.concat(validate88.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err8 = { instancePath: instancePath + "/tenants", schemaPath: "#/properties/tenants/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema6.properties.tenants.type, parentSchema: schema6.properties.tenants, data: data11 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
  } else {
    const err9 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema6.type, parentSchema: schema6, data };
    if (vErrors === null) {
      vErrors = [err9];
    } else {
      vErrors.push(err9);
    }
    errors++;
  }
  validate21.errors = vErrors;
  return errors === 0;
}
export {
  stdin_default as default,
  validate
};
