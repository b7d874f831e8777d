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

// <stdin>
var validate = validate10;
var stdin_default = validate10;
var schema11 = { "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": { "version": { "type": "number", "const": 1, "description": "Version of this format." }, "cloud": { "type": "object", "properties": { "name": { "type": "string", "description": "Name of an entry of clouds.yaml.", "minLength": 1 }, "region": { "type": "string", "description": "Region of the endpoints.", "minLength": 1 } }, "additionalProperties": false, "description": "The OpenStack cloud. Without it, OS_CLOUD or the other OS_* variables choose." }, "cluster": { "type": "object", "properties": { "context": { "type": "string", "description": "Context of the kubeconfig.", "minLength": 1 }, "namespace": { "type": "string", "description": "Namespace of the drivers and of their Secrets.", "pattern": "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "default": "manila-csi" }, "kubeletDirectory": { "type": "string", "description": "The kubelet's root folder on the nodes, where it cannot be found by itself.", "pattern": "^/" } }, "additionalProperties": false, "description": "The Kubernetes cluster. Without it, the kubeconfig's current context." }, "drivers": { "type": "object", "properties": { "protocols": { "type": "array", "items": { "type": "string", "enum": ["NFS", "CEPHFS"] }, "description": "Share protocols to install drivers for.", "minItems": 1, "uniqueItems": true, "default": ["NFS"] }, "snapshots": { "type": "string", "enum": ["auto", "install", "off"], "description": "VolumeSnapshots. `auto` uses them where the cluster has them; `install` also installs their CRDs and the snapshot-controller where they are missing; `off` leaves them out.", "default": "auto" }, "replicas": { "type": "integer", "description": "Pods of the controller.", "minimum": 1, "maximum": 5, "default": 2 } }, "additionalProperties": false, "description": "The CSI drivers to install." }, "credential": { "type": "object", "properties": { "project": { "type": "string", "description": "Project (name or id) that owns the shares.", "minLength": 1 }, "user": { "type": "string", "description": "`create` makes a service user with role member in the project; otherwise the name of a user to make it with.", "minLength": 1, "default": "create" }, "cloud": { "type": "string", "description": "Instead of project and user: an entry of clouds.yaml that makes the credential for itself.", "minLength": 1 }, "expiresIn": { "type": "string", "description": "How long a new credential is valid: 90d, 180d.", "pattern": "^(\\d+(ms|s|m|h|d))+$", "default": "180d" }, "rotateBefore": { "type": "string", "description": "How long before its end it is replaced.", "pattern": "^(\\d+(ms|s|m|h|d))+$", "default": "30d" } }, "additionalProperties": false, "description": "The project and user whose shares the volumes are." }, "shareTypes": { "type": "array", "items": { "type": "object", "properties": { "name": { "type": "string", "minLength": 1, "maxLength": 255 }, "description": { "type": "string", "maxLength": 255 }, "protocol": { "type": "string", "enum": ["NFS", "CEPHFS"], "description": "Share protocol that volumes of this type speak.", "default": "NFS" }, "driverHandlesShareServers": { "type": "boolean", "description": "Does the driver make a share server for each share network? Fixed once the type exists.", "default": false }, "snapshots": { "type": "object", "properties": { "create": { "type": "boolean", "description": "Extra spec snapshot_support." }, "restore": { "type": "boolean", "description": "Extra spec create_share_from_snapshot_support." }, "revert": { "type": "boolean", "description": "Extra spec revert_to_snapshot_support." }, "mount": { "type": "boolean", "description": "Extra spec mount_snapshot_support." } }, "additionalProperties": false, "description": "What shares of this type can do with snapshots." }, "extraSpecs": { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] }, "description": "Further extra specs, as `openstack share type set --extra-specs` takes them." }, "access": { "anyOf": [{ "type": "string", "const": "public" }, { "type": "array", "items": { "type": "string" } }], "description": "Everybody, or a list of projects by name or id.", "default": "public" } }, "required": ["name"], "additionalProperties": false }, "description": "Manila share types to keep. Types that are not listed are left alone." }, "quotas": { "type": "array", "items": { "type": "object", "properties": { "shares": { "type": "integer", "minimum": -1 }, "gigabytes": { "type": "integer", "description": "GiB.", "minimum": -1 }, "snapshots": { "type": "integer", "minimum": -1 }, "snapshotGigabytes": { "type": "integer", "description": "GiB.", "minimum": -1 }, "shareReplicas": { "type": "integer", "minimum": -1 }, "replicaGigabytes": { "type": "integer", "description": "GiB.", "minimum": -1 }, "project": { "type": "string", "description": "Project, by name or id.", "minLength": 1 }, "shareNetworks": { "type": "integer", "minimum": -1 }, "shareGroups": { "type": "integer", "minimum": -1 }, "shareGroupSnapshots": { "type": "integer", "minimum": -1 }, "perShareGigabytes": { "type": "integer", "description": "GiB.", "minimum": -1 }, "shareTypes": { "type": "object", "additionalProperties": { "type": "object", "properties": { "shares": { "type": "integer", "minimum": -1 }, "gigabytes": { "type": "integer", "description": "GiB.", "minimum": -1 }, "snapshots": { "type": "integer", "minimum": -1 }, "snapshotGigabytes": { "type": "integer", "description": "GiB.", "minimum": -1 }, "shareReplicas": { "type": "integer", "minimum": -1 }, "replicaGigabytes": { "type": "integer", "description": "GiB.", "minimum": -1 } }, "additionalProperties": false, "description": "Limits: -1 is unlimited." }, "description": "Limits of single share types within the project's, by the type's name." } }, "required": ["project"], "additionalProperties": false }, "description": "Manila quotas to keep. Keys that are not listed are left alone." }, "storageClasses": { "type": "object", "properties": { "prefix": { "type": "string", "description": "In front of each class's name.", "pattern": "^[a-z0-9]([-a-z0-9.]{0,60})?$", "default": "csi-manila-" }, "default": { "type": "string", "description": "Share type whose class is the cluster's default class.", "minLength": 1 }, "include": { "type": "array", "items": { "type": "string" }, "description": "Share types to make classes for, with `*` as wildcard.", "default": ["*"] }, "exclude": { "type": "array", "items": { "type": "string" }, "description": "Share types to leave out, with `*` as wildcard.", "default": [] }, "shareClients": { "type": "array", "items": { "type": "string" }, "description": "Who may mount the shares: addresses or CIDRs of the nodes.", "minItems": 1 }, "overrides": { "type": "object", "additionalProperties": { "type": "object", "properties": { "reclaimPolicy": { "type": "string", "enum": ["Delete", "Retain"], "default": "Delete" }, "volumeBindingMode": { "type": "string", "enum": ["Immediate", "WaitForFirstConsumer"], "default": "Immediate" }, "allowVolumeExpansion": { "type": "boolean", "default": true }, "mountOptions": { "type": "array", "items": { "type": "string" }, "description": "Mount options, such as nfsvers=4.1." }, "shareClients": { "type": "array", "items": { "type": "string" }, "description": "Who may mount shares of this class, instead of the common list.", "minItems": 1 }, "availabilityZone": { "type": "string", "description": "Manila availability zone.", "minLength": 1 } }, "additionalProperties": false }, "description": "Settings of single classes, by the name of the share type." } }, "additionalProperties": false, "description": "How StorageClasses follow share types." }, "tenants": { "type": "array", "items": { "type": "object", "properties": { "namespace": { "type": "string", "description": "Namespace of the claims. It is made if it is not there.", "pattern": "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }, "project": { "type": "string", "description": "Project (name or id) that owns the shares.", "minLength": 1 }, "user": { "type": "string", "description": "`create` makes a service user with role member in the project; otherwise the name of a user to make it with.", "minLength": 1, "default": "create" }, "cloud": { "type": "string", "description": "Instead of project and user: an entry of clouds.yaml that makes the credential for itself.", "minLength": 1 }, "storageClasses": { "type": "array", "items": { "type": "string" }, "description": "Share types that the tenant has StorageClasses for, with `*` as wildcard.", "default": ["*"] }, "resourceQuota": { "type": "boolean", "description": "Keep a ResourceQuota in the namespace that says what the project's Manila quota says, and that leaves no room in the driver's other StorageClasses?", "default": false } }, "required": ["namespace"], "additionalProperties": false, "description": "A namespace bound to a project. It needs `project`, or `cloud` in its place." }, "description": "Namespaces whose volumes are shares of a project of their own, by a credential of their own." } }, "required": ["version"], "additionalProperties": false, "description": "The file `manila-rwx.yaml`. `npm run schemas` turns this type into `schemas/manila-rwx.schema.json`, by which the file is checked and editors complete it; the comments here are what an editor shows.", "definitions": {} };
var func2 = Object.prototype.hasOwnProperty;
var func3 = require_ucs2length().default;
var pattern0 = new RegExp("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "u");
var pattern1 = new RegExp("^/", "u");
var pattern2 = new RegExp("^(\\d+(ms|s|m|h|d))+$", "u");
var pattern4 = new RegExp("^[a-z0-9]([-a-z0-9.]{0,60})?$", "u");
function validate10(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.version === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "version" }, message: "must have required property 'version'", schema: schema11.required, parentSchema: schema11, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func2.call(schema11.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11, data };
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
        const err2 = { instancePath: instancePath + "/version", schemaPath: "#/properties/version/type", keyword: "type", params: { type: "number" }, message: "must be number", schema: schema11.properties.version.type, parentSchema: schema11.properties.version, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      if (1 !== data0) {
        const err3 = { instancePath: instancePath + "/version", schemaPath: "#/properties/version/const", keyword: "const", params: { allowedValue: 1 }, message: "must be equal to constant", schema: 1, parentSchema: schema11.properties.version, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.cloud !== void 0) {
      let data1 = data.cloud;
      if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
        for (const key1 in data1) {
          if (!(key1 === "name" || key1 === "region")) {
            const err4 = { instancePath: instancePath + "/cloud", schemaPath: "#/properties/cloud/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11.properties.cloud, data: data1 };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
        }
        if (data1.name !== void 0) {
          let data2 = data1.name;
          if (typeof data2 === "string") {
            if (func3(data2) < 1) {
              const err5 = { instancePath: instancePath + "/cloud/name", schemaPath: "#/properties/cloud/properties/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.cloud.properties.name, data: data2 };
              if (vErrors === null) {
                vErrors = [err5];
              } else {
                vErrors.push(err5);
              }
              errors++;
            }
          } else {
            const err6 = { instancePath: instancePath + "/cloud/name", schemaPath: "#/properties/cloud/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.cloud.properties.name.type, parentSchema: schema11.properties.cloud.properties.name, data: data2 };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
        }
        if (data1.region !== void 0) {
          let data3 = data1.region;
          if (typeof data3 === "string") {
            if (func3(data3) < 1) {
              const err7 = { instancePath: instancePath + "/cloud/region", schemaPath: "#/properties/cloud/properties/region/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.cloud.properties.region, data: data3 };
              if (vErrors === null) {
                vErrors = [err7];
              } else {
                vErrors.push(err7);
              }
              errors++;
            }
          } else {
            const err8 = { instancePath: instancePath + "/cloud/region", schemaPath: "#/properties/cloud/properties/region/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.cloud.properties.region.type, parentSchema: schema11.properties.cloud.properties.region, data: data3 };
            if (vErrors === null) {
              vErrors = [err8];
            } else {
              vErrors.push(err8);
            }
            errors++;
          }
        }
      } else {
        const err9 = { instancePath: instancePath + "/cloud", schemaPath: "#/properties/cloud/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.cloud.type, parentSchema: schema11.properties.cloud, data: data1 };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.cluster !== void 0) {
      let data4 = data.cluster;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        for (const key2 in data4) {
          if (!(key2 === "context" || key2 === "namespace" || key2 === "kubeletDirectory")) {
            const err10 = { instancePath: instancePath + "/cluster", schemaPath: "#/properties/cluster/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11.properties.cluster, data: data4 };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
        if (data4.context !== void 0) {
          let data5 = data4.context;
          if (typeof data5 === "string") {
            if (func3(data5) < 1) {
              const err11 = { instancePath: instancePath + "/cluster/context", schemaPath: "#/properties/cluster/properties/context/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.cluster.properties.context, data: data5 };
              if (vErrors === null) {
                vErrors = [err11];
              } else {
                vErrors.push(err11);
              }
              errors++;
            }
          } else {
            const err12 = { instancePath: instancePath + "/cluster/context", schemaPath: "#/properties/cluster/properties/context/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.cluster.properties.context.type, parentSchema: schema11.properties.cluster.properties.context, data: data5 };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
        if (data4.namespace !== void 0) {
          let data6 = data4.namespace;
          if (typeof data6 === "string") {
            if (!pattern0.test(data6)) {
              const err13 = { instancePath: instancePath + "/cluster/namespace", schemaPath: "#/properties/cluster/properties/namespace/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }, message: 'must match pattern "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"', schema: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", parentSchema: schema11.properties.cluster.properties.namespace, data: data6 };
              if (vErrors === null) {
                vErrors = [err13];
              } else {
                vErrors.push(err13);
              }
              errors++;
            }
          } else {
            const err14 = { instancePath: instancePath + "/cluster/namespace", schemaPath: "#/properties/cluster/properties/namespace/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.cluster.properties.namespace.type, parentSchema: schema11.properties.cluster.properties.namespace, data: data6 };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        }
        if (data4.kubeletDirectory !== void 0) {
          let data7 = data4.kubeletDirectory;
          if (typeof data7 === "string") {
            if (!pattern1.test(data7)) {
              const err15 = { instancePath: instancePath + "/cluster/kubeletDirectory", schemaPath: "#/properties/cluster/properties/kubeletDirectory/pattern", keyword: "pattern", params: { pattern: "^/" }, message: 'must match pattern "^/"', schema: "^/", parentSchema: schema11.properties.cluster.properties.kubeletDirectory, data: data7 };
              if (vErrors === null) {
                vErrors = [err15];
              } else {
                vErrors.push(err15);
              }
              errors++;
            }
          } else {
            const err16 = { instancePath: instancePath + "/cluster/kubeletDirectory", schemaPath: "#/properties/cluster/properties/kubeletDirectory/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.cluster.properties.kubeletDirectory.type, parentSchema: schema11.properties.cluster.properties.kubeletDirectory, data: data7 };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        }
      } else {
        const err17 = { instancePath: instancePath + "/cluster", schemaPath: "#/properties/cluster/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.cluster.type, parentSchema: schema11.properties.cluster, data: data4 };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
    }
    if (data.drivers !== void 0) {
      let data8 = data.drivers;
      if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
        for (const key3 in data8) {
          if (!(key3 === "protocols" || key3 === "snapshots" || key3 === "replicas")) {
            const err18 = { instancePath: instancePath + "/drivers", schemaPath: "#/properties/drivers/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11.properties.drivers, data: data8 };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
        }
        if (data8.protocols !== void 0) {
          let data9 = data8.protocols;
          if (Array.isArray(data9)) {
            if (data9.length < 1) {
              const err19 = { instancePath: instancePath + "/drivers/protocols", schemaPath: "#/properties/drivers/properties/protocols/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema11.properties.drivers.properties.protocols, data: data9 };
              if (vErrors === null) {
                vErrors = [err19];
              } else {
                vErrors.push(err19);
              }
              errors++;
            }
            const len0 = data9.length;
            for (let i0 = 0; i0 < len0; i0++) {
              let data10 = data9[i0];
              if (typeof data10 !== "string") {
                const err20 = { instancePath: instancePath + "/drivers/protocols/" + i0, schemaPath: "#/properties/drivers/properties/protocols/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.drivers.properties.protocols.items.type, parentSchema: schema11.properties.drivers.properties.protocols.items, data: data10 };
                if (vErrors === null) {
                  vErrors = [err20];
                } else {
                  vErrors.push(err20);
                }
                errors++;
              }
              if (!(data10 === "NFS" || data10 === "CEPHFS")) {
                const err21 = { instancePath: instancePath + "/drivers/protocols/" + i0, schemaPath: "#/properties/drivers/properties/protocols/items/enum", keyword: "enum", params: { allowedValues: schema11.properties.drivers.properties.protocols.items.enum }, message: "must be equal to one of the allowed values", schema: schema11.properties.drivers.properties.protocols.items.enum, parentSchema: schema11.properties.drivers.properties.protocols.items, data: data10 };
                if (vErrors === null) {
                  vErrors = [err21];
                } else {
                  vErrors.push(err21);
                }
                errors++;
              }
            }
            let i1 = data9.length;
            let j0;
            if (i1 > 1) {
              const indices0 = {};
              for (; i1--; ) {
                let item0 = data9[i1];
                if (typeof item0 !== "string") {
                  continue;
                }
                if (typeof indices0[item0] == "number") {
                  j0 = indices0[item0];
                  const err22 = { instancePath: instancePath + "/drivers/protocols", schemaPath: "#/properties/drivers/properties/protocols/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)", schema: true, parentSchema: schema11.properties.drivers.properties.protocols, data: data9 };
                  if (vErrors === null) {
                    vErrors = [err22];
                  } else {
                    vErrors.push(err22);
                  }
                  errors++;
                  break;
                }
                indices0[item0] = i1;
              }
            }
          } else {
            const err23 = { instancePath: instancePath + "/drivers/protocols", schemaPath: "#/properties/drivers/properties/protocols/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.drivers.properties.protocols.type, parentSchema: schema11.properties.drivers.properties.protocols, data: data9 };
            if (vErrors === null) {
              vErrors = [err23];
            } else {
              vErrors.push(err23);
            }
            errors++;
          }
        }
        if (data8.snapshots !== void 0) {
          let data11 = data8.snapshots;
          if (typeof data11 !== "string") {
            const err24 = { instancePath: instancePath + "/drivers/snapshots", schemaPath: "#/properties/drivers/properties/snapshots/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.drivers.properties.snapshots.type, parentSchema: schema11.properties.drivers.properties.snapshots, data: data11 };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
          if (!(data11 === "auto" || data11 === "install" || data11 === "off")) {
            const err25 = { instancePath: instancePath + "/drivers/snapshots", schemaPath: "#/properties/drivers/properties/snapshots/enum", keyword: "enum", params: { allowedValues: schema11.properties.drivers.properties.snapshots.enum }, message: "must be equal to one of the allowed values", schema: schema11.properties.drivers.properties.snapshots.enum, parentSchema: schema11.properties.drivers.properties.snapshots, data: data11 };
            if (vErrors === null) {
              vErrors = [err25];
            } else {
              vErrors.push(err25);
            }
            errors++;
          }
        }
        if (data8.replicas !== void 0) {
          let data12 = data8.replicas;
          if (!(typeof data12 == "number" && (!(data12 % 1) && !isNaN(data12)))) {
            const err26 = { instancePath: instancePath + "/drivers/replicas", schemaPath: "#/properties/drivers/properties/replicas/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.drivers.properties.replicas.type, parentSchema: schema11.properties.drivers.properties.replicas, data: data12 };
            if (vErrors === null) {
              vErrors = [err26];
            } else {
              vErrors.push(err26);
            }
            errors++;
          }
          if (typeof data12 == "number") {
            if (data12 > 5 || isNaN(data12)) {
              const err27 = { instancePath: instancePath + "/drivers/replicas", schemaPath: "#/properties/drivers/properties/replicas/maximum", keyword: "maximum", params: { comparison: "<=", limit: 5 }, message: "must be <= 5", schema: 5, parentSchema: schema11.properties.drivers.properties.replicas, data: data12 };
              if (vErrors === null) {
                vErrors = [err27];
              } else {
                vErrors.push(err27);
              }
              errors++;
            }
            if (data12 < 1 || isNaN(data12)) {
              const err28 = { instancePath: instancePath + "/drivers/replicas", schemaPath: "#/properties/drivers/properties/replicas/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema11.properties.drivers.properties.replicas, data: data12 };
              if (vErrors === null) {
                vErrors = [err28];
              } else {
                vErrors.push(err28);
              }
              errors++;
            }
          }
        }
      } else {
        const err29 = { instancePath: instancePath + "/drivers", schemaPath: "#/properties/drivers/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.drivers.type, parentSchema: schema11.properties.drivers, data: data8 };
        if (vErrors === null) {
          vErrors = [err29];
        } else {
          vErrors.push(err29);
        }
        errors++;
      }
    }
    if (data.credential !== void 0) {
      let data13 = data.credential;
      if (data13 && typeof data13 == "object" && !Array.isArray(data13)) {
        for (const key4 in data13) {
          if (!(key4 === "project" || key4 === "user" || key4 === "cloud" || key4 === "expiresIn" || key4 === "rotateBefore")) {
            const err30 = { instancePath: instancePath + "/credential", schemaPath: "#/properties/credential/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11.properties.credential, data: data13 };
            if (vErrors === null) {
              vErrors = [err30];
            } else {
              vErrors.push(err30);
            }
            errors++;
          }
        }
        if (data13.project !== void 0) {
          let data14 = data13.project;
          if (typeof data14 === "string") {
            if (func3(data14) < 1) {
              const err31 = { instancePath: instancePath + "/credential/project", schemaPath: "#/properties/credential/properties/project/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.credential.properties.project, data: data14 };
              if (vErrors === null) {
                vErrors = [err31];
              } else {
                vErrors.push(err31);
              }
              errors++;
            }
          } else {
            const err32 = { instancePath: instancePath + "/credential/project", schemaPath: "#/properties/credential/properties/project/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.credential.properties.project.type, parentSchema: schema11.properties.credential.properties.project, data: data14 };
            if (vErrors === null) {
              vErrors = [err32];
            } else {
              vErrors.push(err32);
            }
            errors++;
          }
        }
        if (data13.user !== void 0) {
          let data15 = data13.user;
          if (typeof data15 === "string") {
            if (func3(data15) < 1) {
              const err33 = { instancePath: instancePath + "/credential/user", schemaPath: "#/properties/credential/properties/user/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.credential.properties.user, data: data15 };
              if (vErrors === null) {
                vErrors = [err33];
              } else {
                vErrors.push(err33);
              }
              errors++;
            }
          } else {
            const err34 = { instancePath: instancePath + "/credential/user", schemaPath: "#/properties/credential/properties/user/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.credential.properties.user.type, parentSchema: schema11.properties.credential.properties.user, data: data15 };
            if (vErrors === null) {
              vErrors = [err34];
            } else {
              vErrors.push(err34);
            }
            errors++;
          }
        }
        if (data13.cloud !== void 0) {
          let data16 = data13.cloud;
          if (typeof data16 === "string") {
            if (func3(data16) < 1) {
              const err35 = { instancePath: instancePath + "/credential/cloud", schemaPath: "#/properties/credential/properties/cloud/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.credential.properties.cloud, data: data16 };
              if (vErrors === null) {
                vErrors = [err35];
              } else {
                vErrors.push(err35);
              }
              errors++;
            }
          } else {
            const err36 = { instancePath: instancePath + "/credential/cloud", schemaPath: "#/properties/credential/properties/cloud/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.credential.properties.cloud.type, parentSchema: schema11.properties.credential.properties.cloud, data: data16 };
            if (vErrors === null) {
              vErrors = [err36];
            } else {
              vErrors.push(err36);
            }
            errors++;
          }
        }
        if (data13.expiresIn !== void 0) {
          let data17 = data13.expiresIn;
          if (typeof data17 === "string") {
            if (!pattern2.test(data17)) {
              const err37 = { instancePath: instancePath + "/credential/expiresIn", schemaPath: "#/properties/credential/properties/expiresIn/pattern", keyword: "pattern", params: { pattern: "^(\\d+(ms|s|m|h|d))+$" }, message: 'must match pattern "^(\\d+(ms|s|m|h|d))+$"', schema: "^(\\d+(ms|s|m|h|d))+$", parentSchema: schema11.properties.credential.properties.expiresIn, data: data17 };
              if (vErrors === null) {
                vErrors = [err37];
              } else {
                vErrors.push(err37);
              }
              errors++;
            }
          } else {
            const err38 = { instancePath: instancePath + "/credential/expiresIn", schemaPath: "#/properties/credential/properties/expiresIn/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.credential.properties.expiresIn.type, parentSchema: schema11.properties.credential.properties.expiresIn, data: data17 };
            if (vErrors === null) {
              vErrors = [err38];
            } else {
              vErrors.push(err38);
            }
            errors++;
          }
        }
        if (data13.rotateBefore !== void 0) {
          let data18 = data13.rotateBefore;
          if (typeof data18 === "string") {
            if (!pattern2.test(data18)) {
              const err39 = { instancePath: instancePath + "/credential/rotateBefore", schemaPath: "#/properties/credential/properties/rotateBefore/pattern", keyword: "pattern", params: { pattern: "^(\\d+(ms|s|m|h|d))+$" }, message: 'must match pattern "^(\\d+(ms|s|m|h|d))+$"', schema: "^(\\d+(ms|s|m|h|d))+$", parentSchema: schema11.properties.credential.properties.rotateBefore, data: data18 };
              if (vErrors === null) {
                vErrors = [err39];
              } else {
                vErrors.push(err39);
              }
              errors++;
            }
          } else {
            const err40 = { instancePath: instancePath + "/credential/rotateBefore", schemaPath: "#/properties/credential/properties/rotateBefore/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.credential.properties.rotateBefore.type, parentSchema: schema11.properties.credential.properties.rotateBefore, data: data18 };
            if (vErrors === null) {
              vErrors = [err40];
            } else {
              vErrors.push(err40);
            }
            errors++;
          }
        }
      } else {
        const err41 = { instancePath: instancePath + "/credential", schemaPath: "#/properties/credential/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.credential.type, parentSchema: schema11.properties.credential, data: data13 };
        if (vErrors === null) {
          vErrors = [err41];
        } else {
          vErrors.push(err41);
        }
        errors++;
      }
    }
    if (data.shareTypes !== void 0) {
      let data19 = data.shareTypes;
      if (Array.isArray(data19)) {
        const len1 = data19.length;
        for (let i2 = 0; i2 < len1; i2++) {
          let data20 = data19[i2];
          if (data20 && typeof data20 == "object" && !Array.isArray(data20)) {
            if (data20.name === void 0) {
              const err42 = { instancePath: instancePath + "/shareTypes/" + i2, schemaPath: "#/properties/shareTypes/items/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'", schema: schema11.properties.shareTypes.items.required, parentSchema: schema11.properties.shareTypes.items, data: data20 };
              if (vErrors === null) {
                vErrors = [err42];
              } else {
                vErrors.push(err42);
              }
              errors++;
            }
            for (const key5 in data20) {
              if (!(key5 === "name" || key5 === "description" || key5 === "protocol" || key5 === "driverHandlesShareServers" || key5 === "snapshots" || key5 === "extraSpecs" || key5 === "access")) {
                const err43 = { instancePath: instancePath + "/shareTypes/" + i2, schemaPath: "#/properties/shareTypes/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11.properties.shareTypes.items, data: data20 };
                if (vErrors === null) {
                  vErrors = [err43];
                } else {
                  vErrors.push(err43);
                }
                errors++;
              }
            }
            if (data20.name !== void 0) {
              let data21 = data20.name;
              if (typeof data21 === "string") {
                if (func3(data21) > 255) {
                  const err44 = { instancePath: instancePath + "/shareTypes/" + i2 + "/name", schemaPath: "#/properties/shareTypes/items/properties/name/maxLength", keyword: "maxLength", params: { limit: 255 }, message: "must NOT have more than 255 characters", schema: 255, parentSchema: schema11.properties.shareTypes.items.properties.name, data: data21 };
                  if (vErrors === null) {
                    vErrors = [err44];
                  } else {
                    vErrors.push(err44);
                  }
                  errors++;
                }
                if (func3(data21) < 1) {
                  const err45 = { instancePath: instancePath + "/shareTypes/" + i2 + "/name", schemaPath: "#/properties/shareTypes/items/properties/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.shareTypes.items.properties.name, data: data21 };
                  if (vErrors === null) {
                    vErrors = [err45];
                  } else {
                    vErrors.push(err45);
                  }
                  errors++;
                }
              } else {
                const err46 = { instancePath: instancePath + "/shareTypes/" + i2 + "/name", schemaPath: "#/properties/shareTypes/items/properties/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.shareTypes.items.properties.name.type, parentSchema: schema11.properties.shareTypes.items.properties.name, data: data21 };
                if (vErrors === null) {
                  vErrors = [err46];
                } else {
                  vErrors.push(err46);
                }
                errors++;
              }
            }
            if (data20.description !== void 0) {
              let data22 = data20.description;
              if (typeof data22 === "string") {
                if (func3(data22) > 255) {
                  const err47 = { instancePath: instancePath + "/shareTypes/" + i2 + "/description", schemaPath: "#/properties/shareTypes/items/properties/description/maxLength", keyword: "maxLength", params: { limit: 255 }, message: "must NOT have more than 255 characters", schema: 255, parentSchema: schema11.properties.shareTypes.items.properties.description, data: data22 };
                  if (vErrors === null) {
                    vErrors = [err47];
                  } else {
                    vErrors.push(err47);
                  }
                  errors++;
                }
              } else {
                const err48 = { instancePath: instancePath + "/shareTypes/" + i2 + "/description", schemaPath: "#/properties/shareTypes/items/properties/description/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.shareTypes.items.properties.description.type, parentSchema: schema11.properties.shareTypes.items.properties.description, data: data22 };
                if (vErrors === null) {
                  vErrors = [err48];
                } else {
                  vErrors.push(err48);
                }
                errors++;
              }
            }
            if (data20.protocol !== void 0) {
              let data23 = data20.protocol;
              if (typeof data23 !== "string") {
                const err49 = { instancePath: instancePath + "/shareTypes/" + i2 + "/protocol", schemaPath: "#/properties/shareTypes/items/properties/protocol/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.shareTypes.items.properties.protocol.type, parentSchema: schema11.properties.shareTypes.items.properties.protocol, data: data23 };
                if (vErrors === null) {
                  vErrors = [err49];
                } else {
                  vErrors.push(err49);
                }
                errors++;
              }
              if (!(data23 === "NFS" || data23 === "CEPHFS")) {
                const err50 = { instancePath: instancePath + "/shareTypes/" + i2 + "/protocol", schemaPath: "#/properties/shareTypes/items/properties/protocol/enum", keyword: "enum", params: { allowedValues: schema11.properties.shareTypes.items.properties.protocol.enum }, message: "must be equal to one of the allowed values", schema: schema11.properties.shareTypes.items.properties.protocol.enum, parentSchema: schema11.properties.shareTypes.items.properties.protocol, data: data23 };
                if (vErrors === null) {
                  vErrors = [err50];
                } else {
                  vErrors.push(err50);
                }
                errors++;
              }
            }
            if (data20.driverHandlesShareServers !== void 0) {
              let data24 = data20.driverHandlesShareServers;
              if (typeof data24 !== "boolean") {
                const err51 = { instancePath: instancePath + "/shareTypes/" + i2 + "/driverHandlesShareServers", schemaPath: "#/properties/shareTypes/items/properties/driverHandlesShareServers/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema11.properties.shareTypes.items.properties.driverHandlesShareServers.type, parentSchema: schema11.properties.shareTypes.items.properties.driverHandlesShareServers, data: data24 };
                if (vErrors === null) {
                  vErrors = [err51];
                } else {
                  vErrors.push(err51);
                }
                errors++;
              }
            }
            if (data20.snapshots !== void 0) {
              let data25 = data20.snapshots;
              if (data25 && typeof data25 == "object" && !Array.isArray(data25)) {
                for (const key6 in data25) {
                  if (!(key6 === "create" || key6 === "restore" || key6 === "revert" || key6 === "mount")) {
                    const err52 = { instancePath: instancePath + "/shareTypes/" + i2 + "/snapshots", schemaPath: "#/properties/shareTypes/items/properties/snapshots/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key6 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11.properties.shareTypes.items.properties.snapshots, data: data25 };
                    if (vErrors === null) {
                      vErrors = [err52];
                    } else {
                      vErrors.push(err52);
                    }
                    errors++;
                  }
                }
                if (data25.create !== void 0) {
                  let data26 = data25.create;
                  if (typeof data26 !== "boolean") {
                    const err53 = { instancePath: instancePath + "/shareTypes/" + i2 + "/snapshots/create", schemaPath: "#/properties/shareTypes/items/properties/snapshots/properties/create/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema11.properties.shareTypes.items.properties.snapshots.properties.create.type, parentSchema: schema11.properties.shareTypes.items.properties.snapshots.properties.create, data: data26 };
                    if (vErrors === null) {
                      vErrors = [err53];
                    } else {
                      vErrors.push(err53);
                    }
                    errors++;
                  }
                }
                if (data25.restore !== void 0) {
                  let data27 = data25.restore;
                  if (typeof data27 !== "boolean") {
                    const err54 = { instancePath: instancePath + "/shareTypes/" + i2 + "/snapshots/restore", schemaPath: "#/properties/shareTypes/items/properties/snapshots/properties/restore/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema11.properties.shareTypes.items.properties.snapshots.properties.restore.type, parentSchema: schema11.properties.shareTypes.items.properties.snapshots.properties.restore, data: data27 };
                    if (vErrors === null) {
                      vErrors = [err54];
                    } else {
                      vErrors.push(err54);
                    }
                    errors++;
                  }
                }
                if (data25.revert !== void 0) {
                  let data28 = data25.revert;
                  if (typeof data28 !== "boolean") {
                    const err55 = { instancePath: instancePath + "/shareTypes/" + i2 + "/snapshots/revert", schemaPath: "#/properties/shareTypes/items/properties/snapshots/properties/revert/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema11.properties.shareTypes.items.properties.snapshots.properties.revert.type, parentSchema: schema11.properties.shareTypes.items.properties.snapshots.properties.revert, data: data28 };
                    if (vErrors === null) {
                      vErrors = [err55];
                    } else {
                      vErrors.push(err55);
                    }
                    errors++;
                  }
                }
                if (data25.mount !== void 0) {
                  let data29 = data25.mount;
                  if (typeof data29 !== "boolean") {
                    const err56 = { instancePath: instancePath + "/shareTypes/" + i2 + "/snapshots/mount", schemaPath: "#/properties/shareTypes/items/properties/snapshots/properties/mount/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema11.properties.shareTypes.items.properties.snapshots.properties.mount.type, parentSchema: schema11.properties.shareTypes.items.properties.snapshots.properties.mount, data: data29 };
                    if (vErrors === null) {
                      vErrors = [err56];
                    } else {
                      vErrors.push(err56);
                    }
                    errors++;
                  }
                }
              } else {
                const err57 = { instancePath: instancePath + "/shareTypes/" + i2 + "/snapshots", schemaPath: "#/properties/shareTypes/items/properties/snapshots/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.shareTypes.items.properties.snapshots.type, parentSchema: schema11.properties.shareTypes.items.properties.snapshots, data: data25 };
                if (vErrors === null) {
                  vErrors = [err57];
                } else {
                  vErrors.push(err57);
                }
                errors++;
              }
            }
            if (data20.extraSpecs !== void 0) {
              let data30 = data20.extraSpecs;
              if (data30 && typeof data30 == "object" && !Array.isArray(data30)) {
                for (const key7 in data30) {
                  let data31 = data30[key7];
                  if (typeof data31 !== "string" && !(typeof data31 == "number") && typeof data31 !== "boolean") {
                    const err58 = { instancePath: instancePath + "/shareTypes/" + i2 + "/extraSpecs/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/shareTypes/items/properties/extraSpecs/additionalProperties/type", keyword: "type", params: { type: schema11.properties.shareTypes.items.properties.extraSpecs.additionalProperties.type }, message: "must be string,number,boolean", schema: schema11.properties.shareTypes.items.properties.extraSpecs.additionalProperties.type, parentSchema: schema11.properties.shareTypes.items.properties.extraSpecs.additionalProperties, data: data31 };
                    if (vErrors === null) {
                      vErrors = [err58];
                    } else {
                      vErrors.push(err58);
                    }
                    errors++;
                  }
                }
              } else {
                const err59 = { instancePath: instancePath + "/shareTypes/" + i2 + "/extraSpecs", schemaPath: "#/properties/shareTypes/items/properties/extraSpecs/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.shareTypes.items.properties.extraSpecs.type, parentSchema: schema11.properties.shareTypes.items.properties.extraSpecs, data: data30 };
                if (vErrors === null) {
                  vErrors = [err59];
                } else {
                  vErrors.push(err59);
                }
                errors++;
              }
            }
            if (data20.access !== void 0) {
              let data32 = data20.access;
              const _errs74 = errors;
              let valid13 = false;
              const _errs75 = errors;
              if (typeof data32 !== "string") {
                const err60 = { instancePath: instancePath + "/shareTypes/" + i2 + "/access", schemaPath: "#/properties/shareTypes/items/properties/access/anyOf/0/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.shareTypes.items.properties.access.anyOf[0].type, parentSchema: schema11.properties.shareTypes.items.properties.access.anyOf[0], data: data32 };
                if (vErrors === null) {
                  vErrors = [err60];
                } else {
                  vErrors.push(err60);
                }
                errors++;
              }
              if ("public" !== data32) {
                const err61 = { instancePath: instancePath + "/shareTypes/" + i2 + "/access", schemaPath: "#/properties/shareTypes/items/properties/access/anyOf/0/const", keyword: "const", params: { allowedValue: "public" }, message: "must be equal to constant", schema: "public", parentSchema: schema11.properties.shareTypes.items.properties.access.anyOf[0], data: data32 };
                if (vErrors === null) {
                  vErrors = [err61];
                } else {
                  vErrors.push(err61);
                }
                errors++;
              }
              var _valid0 = _errs75 === errors;
              valid13 = valid13 || _valid0;
              if (!valid13) {
                const _errs77 = errors;
                if (Array.isArray(data32)) {
                  const len2 = data32.length;
                  for (let i3 = 0; i3 < len2; i3++) {
                    let data33 = data32[i3];
                    if (typeof data33 !== "string") {
                      const err62 = { instancePath: instancePath + "/shareTypes/" + i2 + "/access/" + i3, schemaPath: "#/properties/shareTypes/items/properties/access/anyOf/1/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.shareTypes.items.properties.access.anyOf[1].items.type, parentSchema: schema11.properties.shareTypes.items.properties.access.anyOf[1].items, data: data33 };
                      if (vErrors === null) {
                        vErrors = [err62];
                      } else {
                        vErrors.push(err62);
                      }
                      errors++;
                    }
                  }
                } else {
                  const err63 = { instancePath: instancePath + "/shareTypes/" + i2 + "/access", schemaPath: "#/properties/shareTypes/items/properties/access/anyOf/1/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.shareTypes.items.properties.access.anyOf[1].type, parentSchema: schema11.properties.shareTypes.items.properties.access.anyOf[1], data: data32 };
                  if (vErrors === null) {
                    vErrors = [err63];
                  } else {
                    vErrors.push(err63);
                  }
                  errors++;
                }
                var _valid0 = _errs77 === errors;
                valid13 = valid13 || _valid0;
              }
              if (!valid13) {
                const err64 = { instancePath: instancePath + "/shareTypes/" + i2 + "/access", schemaPath: "#/properties/shareTypes/items/properties/access/anyOf", keyword: "anyOf", params: {}, message: "must match a schema in anyOf", schema: schema11.properties.shareTypes.items.properties.access.anyOf, parentSchema: schema11.properties.shareTypes.items.properties.access, data: data32 };
                if (vErrors === null) {
                  vErrors = [err64];
                } else {
                  vErrors.push(err64);
                }
                errors++;
              } else {
                errors = _errs74;
                if (vErrors !== null) {
                  if (_errs74) {
                    vErrors.length = _errs74;
                  } else {
                    vErrors = null;
                  }
                }
              }
            }
          } else {
            const err65 = { instancePath: instancePath + "/shareTypes/" + i2, schemaPath: "#/properties/shareTypes/items/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.shareTypes.items.type, parentSchema: schema11.properties.shareTypes.items, data: data20 };
            if (vErrors === null) {
              vErrors = [err65];
            } else {
              vErrors.push(err65);
            }
            errors++;
          }
        }
      } else {
        const err66 = { instancePath: instancePath + "/shareTypes", schemaPath: "#/properties/shareTypes/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.shareTypes.type, parentSchema: schema11.properties.shareTypes, data: data19 };
        if (vErrors === null) {
          vErrors = [err66];
        } else {
          vErrors.push(err66);
        }
        errors++;
      }
    }
    if (data.quotas !== void 0) {
      let data34 = data.quotas;
      if (Array.isArray(data34)) {
        const len3 = data34.length;
        for (let i4 = 0; i4 < len3; i4++) {
          let data35 = data34[i4];
          if (data35 && typeof data35 == "object" && !Array.isArray(data35)) {
            if (data35.project === void 0) {
              const err67 = { instancePath: instancePath + "/quotas/" + i4, schemaPath: "#/properties/quotas/items/required", keyword: "required", params: { missingProperty: "project" }, message: "must have required property 'project'", schema: schema11.properties.quotas.items.required, parentSchema: schema11.properties.quotas.items, data: data35 };
              if (vErrors === null) {
                vErrors = [err67];
              } else {
                vErrors.push(err67);
              }
              errors++;
            }
            for (const key8 in data35) {
              if (!func2.call(schema11.properties.quotas.items.properties, key8)) {
                const err68 = { instancePath: instancePath + "/quotas/" + i4, schemaPath: "#/properties/quotas/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key8 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11.properties.quotas.items, data: data35 };
                if (vErrors === null) {
                  vErrors = [err68];
                } else {
                  vErrors.push(err68);
                }
                errors++;
              }
            }
            if (data35.shares !== void 0) {
              let data36 = data35.shares;
              if (!(typeof data36 == "number" && (!(data36 % 1) && !isNaN(data36)))) {
                const err69 = { instancePath: instancePath + "/quotas/" + i4 + "/shares", schemaPath: "#/properties/quotas/items/properties/shares/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.shares.type, parentSchema: schema11.properties.quotas.items.properties.shares, data: data36 };
                if (vErrors === null) {
                  vErrors = [err69];
                } else {
                  vErrors.push(err69);
                }
                errors++;
              }
              if (typeof data36 == "number") {
                if (data36 < -1 || isNaN(data36)) {
                  const err70 = { instancePath: instancePath + "/quotas/" + i4 + "/shares", schemaPath: "#/properties/quotas/items/properties/shares/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.shares, data: data36 };
                  if (vErrors === null) {
                    vErrors = [err70];
                  } else {
                    vErrors.push(err70);
                  }
                  errors++;
                }
              }
            }
            if (data35.gigabytes !== void 0) {
              let data37 = data35.gigabytes;
              if (!(typeof data37 == "number" && (!(data37 % 1) && !isNaN(data37)))) {
                const err71 = { instancePath: instancePath + "/quotas/" + i4 + "/gigabytes", schemaPath: "#/properties/quotas/items/properties/gigabytes/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.gigabytes.type, parentSchema: schema11.properties.quotas.items.properties.gigabytes, data: data37 };
                if (vErrors === null) {
                  vErrors = [err71];
                } else {
                  vErrors.push(err71);
                }
                errors++;
              }
              if (typeof data37 == "number") {
                if (data37 < -1 || isNaN(data37)) {
                  const err72 = { instancePath: instancePath + "/quotas/" + i4 + "/gigabytes", schemaPath: "#/properties/quotas/items/properties/gigabytes/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.gigabytes, data: data37 };
                  if (vErrors === null) {
                    vErrors = [err72];
                  } else {
                    vErrors.push(err72);
                  }
                  errors++;
                }
              }
            }
            if (data35.snapshots !== void 0) {
              let data38 = data35.snapshots;
              if (!(typeof data38 == "number" && (!(data38 % 1) && !isNaN(data38)))) {
                const err73 = { instancePath: instancePath + "/quotas/" + i4 + "/snapshots", schemaPath: "#/properties/quotas/items/properties/snapshots/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.snapshots.type, parentSchema: schema11.properties.quotas.items.properties.snapshots, data: data38 };
                if (vErrors === null) {
                  vErrors = [err73];
                } else {
                  vErrors.push(err73);
                }
                errors++;
              }
              if (typeof data38 == "number") {
                if (data38 < -1 || isNaN(data38)) {
                  const err74 = { instancePath: instancePath + "/quotas/" + i4 + "/snapshots", schemaPath: "#/properties/quotas/items/properties/snapshots/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.snapshots, data: data38 };
                  if (vErrors === null) {
                    vErrors = [err74];
                  } else {
                    vErrors.push(err74);
                  }
                  errors++;
                }
              }
            }
            if (data35.snapshotGigabytes !== void 0) {
              let data39 = data35.snapshotGigabytes;
              if (!(typeof data39 == "number" && (!(data39 % 1) && !isNaN(data39)))) {
                const err75 = { instancePath: instancePath + "/quotas/" + i4 + "/snapshotGigabytes", schemaPath: "#/properties/quotas/items/properties/snapshotGigabytes/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.snapshotGigabytes.type, parentSchema: schema11.properties.quotas.items.properties.snapshotGigabytes, data: data39 };
                if (vErrors === null) {
                  vErrors = [err75];
                } else {
                  vErrors.push(err75);
                }
                errors++;
              }
              if (typeof data39 == "number") {
                if (data39 < -1 || isNaN(data39)) {
                  const err76 = { instancePath: instancePath + "/quotas/" + i4 + "/snapshotGigabytes", schemaPath: "#/properties/quotas/items/properties/snapshotGigabytes/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.snapshotGigabytes, data: data39 };
                  if (vErrors === null) {
                    vErrors = [err76];
                  } else {
                    vErrors.push(err76);
                  }
                  errors++;
                }
              }
            }
            if (data35.shareReplicas !== void 0) {
              let data40 = data35.shareReplicas;
              if (!(typeof data40 == "number" && (!(data40 % 1) && !isNaN(data40)))) {
                const err77 = { instancePath: instancePath + "/quotas/" + i4 + "/shareReplicas", schemaPath: "#/properties/quotas/items/properties/shareReplicas/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.shareReplicas.type, parentSchema: schema11.properties.quotas.items.properties.shareReplicas, data: data40 };
                if (vErrors === null) {
                  vErrors = [err77];
                } else {
                  vErrors.push(err77);
                }
                errors++;
              }
              if (typeof data40 == "number") {
                if (data40 < -1 || isNaN(data40)) {
                  const err78 = { instancePath: instancePath + "/quotas/" + i4 + "/shareReplicas", schemaPath: "#/properties/quotas/items/properties/shareReplicas/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.shareReplicas, data: data40 };
                  if (vErrors === null) {
                    vErrors = [err78];
                  } else {
                    vErrors.push(err78);
                  }
                  errors++;
                }
              }
            }
            if (data35.replicaGigabytes !== void 0) {
              let data41 = data35.replicaGigabytes;
              if (!(typeof data41 == "number" && (!(data41 % 1) && !isNaN(data41)))) {
                const err79 = { instancePath: instancePath + "/quotas/" + i4 + "/replicaGigabytes", schemaPath: "#/properties/quotas/items/properties/replicaGigabytes/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.replicaGigabytes.type, parentSchema: schema11.properties.quotas.items.properties.replicaGigabytes, data: data41 };
                if (vErrors === null) {
                  vErrors = [err79];
                } else {
                  vErrors.push(err79);
                }
                errors++;
              }
              if (typeof data41 == "number") {
                if (data41 < -1 || isNaN(data41)) {
                  const err80 = { instancePath: instancePath + "/quotas/" + i4 + "/replicaGigabytes", schemaPath: "#/properties/quotas/items/properties/replicaGigabytes/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.replicaGigabytes, data: data41 };
                  if (vErrors === null) {
                    vErrors = [err80];
                  } else {
                    vErrors.push(err80);
                  }
                  errors++;
                }
              }
            }
            if (data35.project !== void 0) {
              let data42 = data35.project;
              if (typeof data42 === "string") {
                if (func3(data42) < 1) {
                  const err81 = { instancePath: instancePath + "/quotas/" + i4 + "/project", schemaPath: "#/properties/quotas/items/properties/project/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.quotas.items.properties.project, data: data42 };
                  if (vErrors === null) {
                    vErrors = [err81];
                  } else {
                    vErrors.push(err81);
                  }
                  errors++;
                }
              } else {
                const err82 = { instancePath: instancePath + "/quotas/" + i4 + "/project", schemaPath: "#/properties/quotas/items/properties/project/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.quotas.items.properties.project.type, parentSchema: schema11.properties.quotas.items.properties.project, data: data42 };
                if (vErrors === null) {
                  vErrors = [err82];
                } else {
                  vErrors.push(err82);
                }
                errors++;
              }
            }
            if (data35.shareNetworks !== void 0) {
              let data43 = data35.shareNetworks;
              if (!(typeof data43 == "number" && (!(data43 % 1) && !isNaN(data43)))) {
                const err83 = { instancePath: instancePath + "/quotas/" + i4 + "/shareNetworks", schemaPath: "#/properties/quotas/items/properties/shareNetworks/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.shareNetworks.type, parentSchema: schema11.properties.quotas.items.properties.shareNetworks, data: data43 };
                if (vErrors === null) {
                  vErrors = [err83];
                } else {
                  vErrors.push(err83);
                }
                errors++;
              }
              if (typeof data43 == "number") {
                if (data43 < -1 || isNaN(data43)) {
                  const err84 = { instancePath: instancePath + "/quotas/" + i4 + "/shareNetworks", schemaPath: "#/properties/quotas/items/properties/shareNetworks/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.shareNetworks, data: data43 };
                  if (vErrors === null) {
                    vErrors = [err84];
                  } else {
                    vErrors.push(err84);
                  }
                  errors++;
                }
              }
            }
            if (data35.shareGroups !== void 0) {
              let data44 = data35.shareGroups;
              if (!(typeof data44 == "number" && (!(data44 % 1) && !isNaN(data44)))) {
                const err85 = { instancePath: instancePath + "/quotas/" + i4 + "/shareGroups", schemaPath: "#/properties/quotas/items/properties/shareGroups/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.shareGroups.type, parentSchema: schema11.properties.quotas.items.properties.shareGroups, data: data44 };
                if (vErrors === null) {
                  vErrors = [err85];
                } else {
                  vErrors.push(err85);
                }
                errors++;
              }
              if (typeof data44 == "number") {
                if (data44 < -1 || isNaN(data44)) {
                  const err86 = { instancePath: instancePath + "/quotas/" + i4 + "/shareGroups", schemaPath: "#/properties/quotas/items/properties/shareGroups/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.shareGroups, data: data44 };
                  if (vErrors === null) {
                    vErrors = [err86];
                  } else {
                    vErrors.push(err86);
                  }
                  errors++;
                }
              }
            }
            if (data35.shareGroupSnapshots !== void 0) {
              let data45 = data35.shareGroupSnapshots;
              if (!(typeof data45 == "number" && (!(data45 % 1) && !isNaN(data45)))) {
                const err87 = { instancePath: instancePath + "/quotas/" + i4 + "/shareGroupSnapshots", schemaPath: "#/properties/quotas/items/properties/shareGroupSnapshots/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.shareGroupSnapshots.type, parentSchema: schema11.properties.quotas.items.properties.shareGroupSnapshots, data: data45 };
                if (vErrors === null) {
                  vErrors = [err87];
                } else {
                  vErrors.push(err87);
                }
                errors++;
              }
              if (typeof data45 == "number") {
                if (data45 < -1 || isNaN(data45)) {
                  const err88 = { instancePath: instancePath + "/quotas/" + i4 + "/shareGroupSnapshots", schemaPath: "#/properties/quotas/items/properties/shareGroupSnapshots/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.shareGroupSnapshots, data: data45 };
                  if (vErrors === null) {
                    vErrors = [err88];
                  } else {
                    vErrors.push(err88);
                  }
                  errors++;
                }
              }
            }
            if (data35.perShareGigabytes !== void 0) {
              let data46 = data35.perShareGigabytes;
              if (!(typeof data46 == "number" && (!(data46 % 1) && !isNaN(data46)))) {
                const err89 = { instancePath: instancePath + "/quotas/" + i4 + "/perShareGigabytes", schemaPath: "#/properties/quotas/items/properties/perShareGigabytes/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.perShareGigabytes.type, parentSchema: schema11.properties.quotas.items.properties.perShareGigabytes, data: data46 };
                if (vErrors === null) {
                  vErrors = [err89];
                } else {
                  vErrors.push(err89);
                }
                errors++;
              }
              if (typeof data46 == "number") {
                if (data46 < -1 || isNaN(data46)) {
                  const err90 = { instancePath: instancePath + "/quotas/" + i4 + "/perShareGigabytes", schemaPath: "#/properties/quotas/items/properties/perShareGigabytes/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.perShareGigabytes, data: data46 };
                  if (vErrors === null) {
                    vErrors = [err90];
                  } else {
                    vErrors.push(err90);
                  }
                  errors++;
                }
              }
            }
            if (data35.shareTypes !== void 0) {
              let data47 = data35.shareTypes;
              if (data47 && typeof data47 == "object" && !Array.isArray(data47)) {
                for (const key9 in data47) {
                  let data48 = data47[key9];
                  if (data48 && typeof data48 == "object" && !Array.isArray(data48)) {
                    for (const key10 in data48) {
                      if (!(key10 === "shares" || key10 === "gigabytes" || key10 === "snapshots" || key10 === "snapshotGigabytes" || key10 === "shareReplicas" || key10 === "replicaGigabytes")) {
                        const err91 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key10 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties, data: data48 };
                        if (vErrors === null) {
                          vErrors = [err91];
                        } else {
                          vErrors.push(err91);
                        }
                        errors++;
                      }
                    }
                    if (data48.shares !== void 0) {
                      let data49 = data48.shares;
                      if (!(typeof data49 == "number" && (!(data49 % 1) && !isNaN(data49)))) {
                        const err92 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/shares", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/shares/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.shares.type, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.shares, data: data49 };
                        if (vErrors === null) {
                          vErrors = [err92];
                        } else {
                          vErrors.push(err92);
                        }
                        errors++;
                      }
                      if (typeof data49 == "number") {
                        if (data49 < -1 || isNaN(data49)) {
                          const err93 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/shares", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/shares/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.shares, data: data49 };
                          if (vErrors === null) {
                            vErrors = [err93];
                          } else {
                            vErrors.push(err93);
                          }
                          errors++;
                        }
                      }
                    }
                    if (data48.gigabytes !== void 0) {
                      let data50 = data48.gigabytes;
                      if (!(typeof data50 == "number" && (!(data50 % 1) && !isNaN(data50)))) {
                        const err94 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/gigabytes", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/gigabytes/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.gigabytes.type, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.gigabytes, data: data50 };
                        if (vErrors === null) {
                          vErrors = [err94];
                        } else {
                          vErrors.push(err94);
                        }
                        errors++;
                      }
                      if (typeof data50 == "number") {
                        if (data50 < -1 || isNaN(data50)) {
                          const err95 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/gigabytes", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/gigabytes/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.gigabytes, data: data50 };
                          if (vErrors === null) {
                            vErrors = [err95];
                          } else {
                            vErrors.push(err95);
                          }
                          errors++;
                        }
                      }
                    }
                    if (data48.snapshots !== void 0) {
                      let data51 = data48.snapshots;
                      if (!(typeof data51 == "number" && (!(data51 % 1) && !isNaN(data51)))) {
                        const err96 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/snapshots", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/snapshots/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.snapshots.type, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.snapshots, data: data51 };
                        if (vErrors === null) {
                          vErrors = [err96];
                        } else {
                          vErrors.push(err96);
                        }
                        errors++;
                      }
                      if (typeof data51 == "number") {
                        if (data51 < -1 || isNaN(data51)) {
                          const err97 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/snapshots", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/snapshots/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.snapshots, data: data51 };
                          if (vErrors === null) {
                            vErrors = [err97];
                          } else {
                            vErrors.push(err97);
                          }
                          errors++;
                        }
                      }
                    }
                    if (data48.snapshotGigabytes !== void 0) {
                      let data52 = data48.snapshotGigabytes;
                      if (!(typeof data52 == "number" && (!(data52 % 1) && !isNaN(data52)))) {
                        const err98 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/snapshotGigabytes", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/snapshotGigabytes/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.snapshotGigabytes.type, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.snapshotGigabytes, data: data52 };
                        if (vErrors === null) {
                          vErrors = [err98];
                        } else {
                          vErrors.push(err98);
                        }
                        errors++;
                      }
                      if (typeof data52 == "number") {
                        if (data52 < -1 || isNaN(data52)) {
                          const err99 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/snapshotGigabytes", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/snapshotGigabytes/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.snapshotGigabytes, data: data52 };
                          if (vErrors === null) {
                            vErrors = [err99];
                          } else {
                            vErrors.push(err99);
                          }
                          errors++;
                        }
                      }
                    }
                    if (data48.shareReplicas !== void 0) {
                      let data53 = data48.shareReplicas;
                      if (!(typeof data53 == "number" && (!(data53 % 1) && !isNaN(data53)))) {
                        const err100 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/shareReplicas", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/shareReplicas/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.shareReplicas.type, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.shareReplicas, data: data53 };
                        if (vErrors === null) {
                          vErrors = [err100];
                        } else {
                          vErrors.push(err100);
                        }
                        errors++;
                      }
                      if (typeof data53 == "number") {
                        if (data53 < -1 || isNaN(data53)) {
                          const err101 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/shareReplicas", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/shareReplicas/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.shareReplicas, data: data53 };
                          if (vErrors === null) {
                            vErrors = [err101];
                          } else {
                            vErrors.push(err101);
                          }
                          errors++;
                        }
                      }
                    }
                    if (data48.replicaGigabytes !== void 0) {
                      let data54 = data48.replicaGigabytes;
                      if (!(typeof data54 == "number" && (!(data54 % 1) && !isNaN(data54)))) {
                        const err102 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/replicaGigabytes", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/replicaGigabytes/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.replicaGigabytes.type, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.replicaGigabytes, data: data54 };
                        if (vErrors === null) {
                          vErrors = [err102];
                        } else {
                          vErrors.push(err102);
                        }
                        errors++;
                      }
                      if (typeof data54 == "number") {
                        if (data54 < -1 || isNaN(data54)) {
                          const err103 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1") + "/replicaGigabytes", schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/properties/replicaGigabytes/minimum", keyword: "minimum", params: { comparison: ">=", limit: -1 }, message: "must be >= -1", schema: -1, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.properties.replicaGigabytes, data: data54 };
                          if (vErrors === null) {
                            vErrors = [err103];
                          } else {
                            vErrors.push(err103);
                          }
                          errors++;
                        }
                      }
                    }
                  } else {
                    const err104 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/quotas/items/properties/shareTypes/additionalProperties/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties.type, parentSchema: schema11.properties.quotas.items.properties.shareTypes.additionalProperties, data: data48 };
                    if (vErrors === null) {
                      vErrors = [err104];
                    } else {
                      vErrors.push(err104);
                    }
                    errors++;
                  }
                }
              } else {
                const err105 = { instancePath: instancePath + "/quotas/" + i4 + "/shareTypes", schemaPath: "#/properties/quotas/items/properties/shareTypes/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.quotas.items.properties.shareTypes.type, parentSchema: schema11.properties.quotas.items.properties.shareTypes, data: data47 };
                if (vErrors === null) {
                  vErrors = [err105];
                } else {
                  vErrors.push(err105);
                }
                errors++;
              }
            }
          } else {
            const err106 = { instancePath: instancePath + "/quotas/" + i4, schemaPath: "#/properties/quotas/items/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.quotas.items.type, parentSchema: schema11.properties.quotas.items, data: data35 };
            if (vErrors === null) {
              vErrors = [err106];
            } else {
              vErrors.push(err106);
            }
            errors++;
          }
        }
      } else {
        const err107 = { instancePath: instancePath + "/quotas", schemaPath: "#/properties/quotas/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.quotas.type, parentSchema: schema11.properties.quotas, data: data34 };
        if (vErrors === null) {
          vErrors = [err107];
        } else {
          vErrors.push(err107);
        }
        errors++;
      }
    }
    if (data.storageClasses !== void 0) {
      let data55 = data.storageClasses;
      if (data55 && typeof data55 == "object" && !Array.isArray(data55)) {
        for (const key11 in data55) {
          if (!(key11 === "prefix" || key11 === "default" || key11 === "include" || key11 === "exclude" || key11 === "shareClients" || key11 === "overrides")) {
            const err108 = { instancePath: instancePath + "/storageClasses", schemaPath: "#/properties/storageClasses/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key11 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11.properties.storageClasses, data: data55 };
            if (vErrors === null) {
              vErrors = [err108];
            } else {
              vErrors.push(err108);
            }
            errors++;
          }
        }
        if (data55.prefix !== void 0) {
          let data56 = data55.prefix;
          if (typeof data56 === "string") {
            if (!pattern4.test(data56)) {
              const err109 = { instancePath: instancePath + "/storageClasses/prefix", schemaPath: "#/properties/storageClasses/properties/prefix/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9]([-a-z0-9.]{0,60})?$" }, message: 'must match pattern "^[a-z0-9]([-a-z0-9.]{0,60})?$"', schema: "^[a-z0-9]([-a-z0-9.]{0,60})?$", parentSchema: schema11.properties.storageClasses.properties.prefix, data: data56 };
              if (vErrors === null) {
                vErrors = [err109];
              } else {
                vErrors.push(err109);
              }
              errors++;
            }
          } else {
            const err110 = { instancePath: instancePath + "/storageClasses/prefix", schemaPath: "#/properties/storageClasses/properties/prefix/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.storageClasses.properties.prefix.type, parentSchema: schema11.properties.storageClasses.properties.prefix, data: data56 };
            if (vErrors === null) {
              vErrors = [err110];
            } else {
              vErrors.push(err110);
            }
            errors++;
          }
        }
        if (data55.default !== void 0) {
          let data57 = data55.default;
          if (typeof data57 === "string") {
            if (func3(data57) < 1) {
              const err111 = { instancePath: instancePath + "/storageClasses/default", schemaPath: "#/properties/storageClasses/properties/default/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.storageClasses.properties.default, data: data57 };
              if (vErrors === null) {
                vErrors = [err111];
              } else {
                vErrors.push(err111);
              }
              errors++;
            }
          } else {
            const err112 = { instancePath: instancePath + "/storageClasses/default", schemaPath: "#/properties/storageClasses/properties/default/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.storageClasses.properties.default.type, parentSchema: schema11.properties.storageClasses.properties.default, data: data57 };
            if (vErrors === null) {
              vErrors = [err112];
            } else {
              vErrors.push(err112);
            }
            errors++;
          }
        }
        if (data55.include !== void 0) {
          let data58 = data55.include;
          if (Array.isArray(data58)) {
            const len4 = data58.length;
            for (let i5 = 0; i5 < len4; i5++) {
              let data59 = data58[i5];
              if (typeof data59 !== "string") {
                const err113 = { instancePath: instancePath + "/storageClasses/include/" + i5, schemaPath: "#/properties/storageClasses/properties/include/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.storageClasses.properties.include.items.type, parentSchema: schema11.properties.storageClasses.properties.include.items, data: data59 };
                if (vErrors === null) {
                  vErrors = [err113];
                } else {
                  vErrors.push(err113);
                }
                errors++;
              }
            }
          } else {
            const err114 = { instancePath: instancePath + "/storageClasses/include", schemaPath: "#/properties/storageClasses/properties/include/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.storageClasses.properties.include.type, parentSchema: schema11.properties.storageClasses.properties.include, data: data58 };
            if (vErrors === null) {
              vErrors = [err114];
            } else {
              vErrors.push(err114);
            }
            errors++;
          }
        }
        if (data55.exclude !== void 0) {
          let data60 = data55.exclude;
          if (Array.isArray(data60)) {
            const len5 = data60.length;
            for (let i6 = 0; i6 < len5; i6++) {
              let data61 = data60[i6];
              if (typeof data61 !== "string") {
                const err115 = { instancePath: instancePath + "/storageClasses/exclude/" + i6, schemaPath: "#/properties/storageClasses/properties/exclude/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.storageClasses.properties.exclude.items.type, parentSchema: schema11.properties.storageClasses.properties.exclude.items, data: data61 };
                if (vErrors === null) {
                  vErrors = [err115];
                } else {
                  vErrors.push(err115);
                }
                errors++;
              }
            }
          } else {
            const err116 = { instancePath: instancePath + "/storageClasses/exclude", schemaPath: "#/properties/storageClasses/properties/exclude/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.storageClasses.properties.exclude.type, parentSchema: schema11.properties.storageClasses.properties.exclude, data: data60 };
            if (vErrors === null) {
              vErrors = [err116];
            } else {
              vErrors.push(err116);
            }
            errors++;
          }
        }
        if (data55.shareClients !== void 0) {
          let data62 = data55.shareClients;
          if (Array.isArray(data62)) {
            if (data62.length < 1) {
              const err117 = { instancePath: instancePath + "/storageClasses/shareClients", schemaPath: "#/properties/storageClasses/properties/shareClients/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema11.properties.storageClasses.properties.shareClients, data: data62 };
              if (vErrors === null) {
                vErrors = [err117];
              } else {
                vErrors.push(err117);
              }
              errors++;
            }
            const len6 = data62.length;
            for (let i7 = 0; i7 < len6; i7++) {
              let data63 = data62[i7];
              if (typeof data63 !== "string") {
                const err118 = { instancePath: instancePath + "/storageClasses/shareClients/" + i7, schemaPath: "#/properties/storageClasses/properties/shareClients/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.storageClasses.properties.shareClients.items.type, parentSchema: schema11.properties.storageClasses.properties.shareClients.items, data: data63 };
                if (vErrors === null) {
                  vErrors = [err118];
                } else {
                  vErrors.push(err118);
                }
                errors++;
              }
            }
          } else {
            const err119 = { instancePath: instancePath + "/storageClasses/shareClients", schemaPath: "#/properties/storageClasses/properties/shareClients/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.storageClasses.properties.shareClients.type, parentSchema: schema11.properties.storageClasses.properties.shareClients, data: data62 };
            if (vErrors === null) {
              vErrors = [err119];
            } else {
              vErrors.push(err119);
            }
            errors++;
          }
        }
        if (data55.overrides !== void 0) {
          let data64 = data55.overrides;
          if (data64 && typeof data64 == "object" && !Array.isArray(data64)) {
            for (const key12 in data64) {
              let data65 = data64[key12];
              if (data65 && typeof data65 == "object" && !Array.isArray(data65)) {
                for (const key13 in data65) {
                  if (!(key13 === "reclaimPolicy" || key13 === "volumeBindingMode" || key13 === "allowVolumeExpansion" || key13 === "mountOptions" || key13 === "shareClients" || key13 === "availabilityZone")) {
                    const err120 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key13 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties, data: data65 };
                    if (vErrors === null) {
                      vErrors = [err120];
                    } else {
                      vErrors.push(err120);
                    }
                    errors++;
                  }
                }
                if (data65.reclaimPolicy !== void 0) {
                  let data66 = data65.reclaimPolicy;
                  if (typeof data66 !== "string") {
                    const err121 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/reclaimPolicy", schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/reclaimPolicy/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.reclaimPolicy.type, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.reclaimPolicy, data: data66 };
                    if (vErrors === null) {
                      vErrors = [err121];
                    } else {
                      vErrors.push(err121);
                    }
                    errors++;
                  }
                  if (!(data66 === "Delete" || data66 === "Retain")) {
                    const err122 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/reclaimPolicy", schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/reclaimPolicy/enum", keyword: "enum", params: { allowedValues: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.reclaimPolicy.enum }, message: "must be equal to one of the allowed values", schema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.reclaimPolicy.enum, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.reclaimPolicy, data: data66 };
                    if (vErrors === null) {
                      vErrors = [err122];
                    } else {
                      vErrors.push(err122);
                    }
                    errors++;
                  }
                }
                if (data65.volumeBindingMode !== void 0) {
                  let data67 = data65.volumeBindingMode;
                  if (typeof data67 !== "string") {
                    const err123 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/volumeBindingMode", schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/volumeBindingMode/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.volumeBindingMode.type, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.volumeBindingMode, data: data67 };
                    if (vErrors === null) {
                      vErrors = [err123];
                    } else {
                      vErrors.push(err123);
                    }
                    errors++;
                  }
                  if (!(data67 === "Immediate" || data67 === "WaitForFirstConsumer")) {
                    const err124 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/volumeBindingMode", schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/volumeBindingMode/enum", keyword: "enum", params: { allowedValues: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.volumeBindingMode.enum }, message: "must be equal to one of the allowed values", schema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.volumeBindingMode.enum, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.volumeBindingMode, data: data67 };
                    if (vErrors === null) {
                      vErrors = [err124];
                    } else {
                      vErrors.push(err124);
                    }
                    errors++;
                  }
                }
                if (data65.allowVolumeExpansion !== void 0) {
                  let data68 = data65.allowVolumeExpansion;
                  if (typeof data68 !== "boolean") {
                    const err125 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/allowVolumeExpansion", schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/allowVolumeExpansion/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.allowVolumeExpansion.type, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.allowVolumeExpansion, data: data68 };
                    if (vErrors === null) {
                      vErrors = [err125];
                    } else {
                      vErrors.push(err125);
                    }
                    errors++;
                  }
                }
                if (data65.mountOptions !== void 0) {
                  let data69 = data65.mountOptions;
                  if (Array.isArray(data69)) {
                    const len7 = data69.length;
                    for (let i8 = 0; i8 < len7; i8++) {
                      let data70 = data69[i8];
                      if (typeof data70 !== "string") {
                        const err126 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/mountOptions/" + i8, schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/mountOptions/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.mountOptions.items.type, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.mountOptions.items, data: data70 };
                        if (vErrors === null) {
                          vErrors = [err126];
                        } else {
                          vErrors.push(err126);
                        }
                        errors++;
                      }
                    }
                  } else {
                    const err127 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/mountOptions", schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/mountOptions/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.mountOptions.type, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.mountOptions, data: data69 };
                    if (vErrors === null) {
                      vErrors = [err127];
                    } else {
                      vErrors.push(err127);
                    }
                    errors++;
                  }
                }
                if (data65.shareClients !== void 0) {
                  let data71 = data65.shareClients;
                  if (Array.isArray(data71)) {
                    if (data71.length < 1) {
                      const err128 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/shareClients", schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/shareClients/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.shareClients, data: data71 };
                      if (vErrors === null) {
                        vErrors = [err128];
                      } else {
                        vErrors.push(err128);
                      }
                      errors++;
                    }
                    const len8 = data71.length;
                    for (let i9 = 0; i9 < len8; i9++) {
                      let data72 = data71[i9];
                      if (typeof data72 !== "string") {
                        const err129 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/shareClients/" + i9, schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/shareClients/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.shareClients.items.type, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.shareClients.items, data: data72 };
                        if (vErrors === null) {
                          vErrors = [err129];
                        } else {
                          vErrors.push(err129);
                        }
                        errors++;
                      }
                    }
                  } else {
                    const err130 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/shareClients", schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/shareClients/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.shareClients.type, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.shareClients, data: data71 };
                    if (vErrors === null) {
                      vErrors = [err130];
                    } else {
                      vErrors.push(err130);
                    }
                    errors++;
                  }
                }
                if (data65.availabilityZone !== void 0) {
                  let data73 = data65.availabilityZone;
                  if (typeof data73 === "string") {
                    if (func3(data73) < 1) {
                      const err131 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/availabilityZone", schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/availabilityZone/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.availabilityZone, data: data73 };
                      if (vErrors === null) {
                        vErrors = [err131];
                      } else {
                        vErrors.push(err131);
                      }
                      errors++;
                    }
                  } else {
                    const err132 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/availabilityZone", schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/properties/availabilityZone/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.availabilityZone.type, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties.properties.availabilityZone, data: data73 };
                    if (vErrors === null) {
                      vErrors = [err132];
                    } else {
                      vErrors.push(err132);
                    }
                    errors++;
                  }
                }
              } else {
                const err133 = { instancePath: instancePath + "/storageClasses/overrides/" + key12.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/storageClasses/properties/overrides/additionalProperties/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.storageClasses.properties.overrides.additionalProperties.type, parentSchema: schema11.properties.storageClasses.properties.overrides.additionalProperties, data: data65 };
                if (vErrors === null) {
                  vErrors = [err133];
                } else {
                  vErrors.push(err133);
                }
                errors++;
              }
            }
          } else {
            const err134 = { instancePath: instancePath + "/storageClasses/overrides", schemaPath: "#/properties/storageClasses/properties/overrides/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.storageClasses.properties.overrides.type, parentSchema: schema11.properties.storageClasses.properties.overrides, data: data64 };
            if (vErrors === null) {
              vErrors = [err134];
            } else {
              vErrors.push(err134);
            }
            errors++;
          }
        }
      } else {
        const err135 = { instancePath: instancePath + "/storageClasses", schemaPath: "#/properties/storageClasses/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.storageClasses.type, parentSchema: schema11.properties.storageClasses, data: data55 };
        if (vErrors === null) {
          vErrors = [err135];
        } else {
          vErrors.push(err135);
        }
        errors++;
      }
    }
    if (data.tenants !== void 0) {
      let data74 = data.tenants;
      if (Array.isArray(data74)) {
        const len9 = data74.length;
        for (let i10 = 0; i10 < len9; i10++) {
          let data75 = data74[i10];
          if (data75 && typeof data75 == "object" && !Array.isArray(data75)) {
            if (data75.namespace === void 0) {
              const err136 = { instancePath: instancePath + "/tenants/" + i10, schemaPath: "#/properties/tenants/items/required", keyword: "required", params: { missingProperty: "namespace" }, message: "must have required property 'namespace'", schema: schema11.properties.tenants.items.required, parentSchema: schema11.properties.tenants.items, data: data75 };
              if (vErrors === null) {
                vErrors = [err136];
              } else {
                vErrors.push(err136);
              }
              errors++;
            }
            for (const key14 in data75) {
              if (!(key14 === "namespace" || key14 === "project" || key14 === "user" || key14 === "cloud" || key14 === "storageClasses" || key14 === "resourceQuota")) {
                const err137 = { instancePath: instancePath + "/tenants/" + i10, schemaPath: "#/properties/tenants/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key14 }, message: "must NOT have additional properties", schema: false, parentSchema: schema11.properties.tenants.items, data: data75 };
                if (vErrors === null) {
                  vErrors = [err137];
                } else {
                  vErrors.push(err137);
                }
                errors++;
              }
            }
            if (data75.namespace !== void 0) {
              let data76 = data75.namespace;
              if (typeof data76 === "string") {
                if (!pattern0.test(data76)) {
                  const err138 = { instancePath: instancePath + "/tenants/" + i10 + "/namespace", schemaPath: "#/properties/tenants/items/properties/namespace/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" }, message: 'must match pattern "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"', schema: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", parentSchema: schema11.properties.tenants.items.properties.namespace, data: data76 };
                  if (vErrors === null) {
                    vErrors = [err138];
                  } else {
                    vErrors.push(err138);
                  }
                  errors++;
                }
              } else {
                const err139 = { instancePath: instancePath + "/tenants/" + i10 + "/namespace", schemaPath: "#/properties/tenants/items/properties/namespace/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.tenants.items.properties.namespace.type, parentSchema: schema11.properties.tenants.items.properties.namespace, data: data76 };
                if (vErrors === null) {
                  vErrors = [err139];
                } else {
                  vErrors.push(err139);
                }
                errors++;
              }
            }
            if (data75.project !== void 0) {
              let data77 = data75.project;
              if (typeof data77 === "string") {
                if (func3(data77) < 1) {
                  const err140 = { instancePath: instancePath + "/tenants/" + i10 + "/project", schemaPath: "#/properties/tenants/items/properties/project/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.tenants.items.properties.project, data: data77 };
                  if (vErrors === null) {
                    vErrors = [err140];
                  } else {
                    vErrors.push(err140);
                  }
                  errors++;
                }
              } else {
                const err141 = { instancePath: instancePath + "/tenants/" + i10 + "/project", schemaPath: "#/properties/tenants/items/properties/project/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.tenants.items.properties.project.type, parentSchema: schema11.properties.tenants.items.properties.project, data: data77 };
                if (vErrors === null) {
                  vErrors = [err141];
                } else {
                  vErrors.push(err141);
                }
                errors++;
              }
            }
            if (data75.user !== void 0) {
              let data78 = data75.user;
              if (typeof data78 === "string") {
                if (func3(data78) < 1) {
                  const err142 = { instancePath: instancePath + "/tenants/" + i10 + "/user", schemaPath: "#/properties/tenants/items/properties/user/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.tenants.items.properties.user, data: data78 };
                  if (vErrors === null) {
                    vErrors = [err142];
                  } else {
                    vErrors.push(err142);
                  }
                  errors++;
                }
              } else {
                const err143 = { instancePath: instancePath + "/tenants/" + i10 + "/user", schemaPath: "#/properties/tenants/items/properties/user/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.tenants.items.properties.user.type, parentSchema: schema11.properties.tenants.items.properties.user, data: data78 };
                if (vErrors === null) {
                  vErrors = [err143];
                } else {
                  vErrors.push(err143);
                }
                errors++;
              }
            }
            if (data75.cloud !== void 0) {
              let data79 = data75.cloud;
              if (typeof data79 === "string") {
                if (func3(data79) < 1) {
                  const err144 = { instancePath: instancePath + "/tenants/" + i10 + "/cloud", schemaPath: "#/properties/tenants/items/properties/cloud/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema11.properties.tenants.items.properties.cloud, data: data79 };
                  if (vErrors === null) {
                    vErrors = [err144];
                  } else {
                    vErrors.push(err144);
                  }
                  errors++;
                }
              } else {
                const err145 = { instancePath: instancePath + "/tenants/" + i10 + "/cloud", schemaPath: "#/properties/tenants/items/properties/cloud/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.tenants.items.properties.cloud.type, parentSchema: schema11.properties.tenants.items.properties.cloud, data: data79 };
                if (vErrors === null) {
                  vErrors = [err145];
                } else {
                  vErrors.push(err145);
                }
                errors++;
              }
            }
            if (data75.storageClasses !== void 0) {
              let data80 = data75.storageClasses;
              if (Array.isArray(data80)) {
                const len10 = data80.length;
                for (let i11 = 0; i11 < len10; i11++) {
                  let data81 = data80[i11];
                  if (typeof data81 !== "string") {
                    const err146 = { instancePath: instancePath + "/tenants/" + i10 + "/storageClasses/" + i11, schemaPath: "#/properties/tenants/items/properties/storageClasses/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.tenants.items.properties.storageClasses.items.type, parentSchema: schema11.properties.tenants.items.properties.storageClasses.items, data: data81 };
                    if (vErrors === null) {
                      vErrors = [err146];
                    } else {
                      vErrors.push(err146);
                    }
                    errors++;
                  }
                }
              } else {
                const err147 = { instancePath: instancePath + "/tenants/" + i10 + "/storageClasses", schemaPath: "#/properties/tenants/items/properties/storageClasses/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.tenants.items.properties.storageClasses.type, parentSchema: schema11.properties.tenants.items.properties.storageClasses, data: data80 };
                if (vErrors === null) {
                  vErrors = [err147];
                } else {
                  vErrors.push(err147);
                }
                errors++;
              }
            }
            if (data75.resourceQuota !== void 0) {
              let data82 = data75.resourceQuota;
              if (typeof data82 !== "boolean") {
                const err148 = { instancePath: instancePath + "/tenants/" + i10 + "/resourceQuota", schemaPath: "#/properties/tenants/items/properties/resourceQuota/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema11.properties.tenants.items.properties.resourceQuota.type, parentSchema: schema11.properties.tenants.items.properties.resourceQuota, data: data82 };
                if (vErrors === null) {
                  vErrors = [err148];
                } else {
                  vErrors.push(err148);
                }
                errors++;
              }
            }
          } else {
            const err149 = { instancePath: instancePath + "/tenants/" + i10, schemaPath: "#/properties/tenants/items/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.tenants.items.type, parentSchema: schema11.properties.tenants.items, data: data75 };
            if (vErrors === null) {
              vErrors = [err149];
            } else {
              vErrors.push(err149);
            }
            errors++;
          }
        }
      } else {
        const err150 = { instancePath: instancePath + "/tenants", schemaPath: "#/properties/tenants/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.tenants.type, parentSchema: schema11.properties.tenants, data: data74 };
        if (vErrors === null) {
          vErrors = [err150];
        } else {
          vErrors.push(err150);
        }
        errors++;
      }
    }
  } else {
    const err151 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.type, parentSchema: schema11, data };
    if (vErrors === null) {
      vErrors = [err151];
    } else {
      vErrors.push(err151);
    }
    errors++;
  }
  validate10.errors = vErrors;
  return errors === 0;
}
export {
  stdin_default as default,
  validate
};
