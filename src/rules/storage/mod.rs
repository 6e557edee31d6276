//! Rules on volumes and storage classes.

mod claim_access_mode_unsupported;
mod one_zone;
mod pvc_retention_delete;
mod reported;
mod storage_not_redundant;
mod storageclass_immediate_binding;
mod storageclass_multiple_default;
mod storageclass_no_expansion;
mod storageclass_reclaim_delete;
mod storageclass_undefined;
mod storageclass_unstated;
mod storageclass_zonal_single;
mod users;
mod volume_undersized;

rules! {
    claim_access_mode_unsupported::ClaimAccessModeUnsupported,
    pvc_retention_delete::PvcRetentionDelete,
    storage_not_redundant::StorageNotRedundant,
    storageclass_immediate_binding::StorageclassImmediateBinding,
    storageclass_multiple_default::StorageclassMultipleDefault,
    storageclass_no_expansion::StorageclassNoExpansion,
    storageclass_reclaim_delete::StorageclassReclaimDelete,
    storageclass_undefined::StorageclassUndefined,
    storageclass_unstated::StorageclassUnstated,
    storageclass_zonal_single::StorageclassZonalSingle,
    volume_undersized::VolumeUndersized,
}
