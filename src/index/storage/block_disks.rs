//! Storage classes whose volumes are disks that only one node at a time can write, as file systems.
//!
//! Sources: kubernetes-sigs/aws-ebs-csi-driver `pkg/driver/controller.go` (`isValidCapability`);
//! kubernetes-sigs/azuredisk-csi-driver `pkg/azureutils/azure_disk_utils.go` (`IsValidVolumeCapabilities`);
//! kubernetes/cloud-provider-openstack#1367; rancher/local-path-provisioner `provisioner.go`;
//! kubernetes.io `docs/concepts/storage/persistent-volumes`, table of access modes.

use crate::index::Storage;
use crate::index::storage::ClassName;
use crate::model::Object;
use crate::yaml::NodeRef;

/// What else decides whether volumes of a provisioner are such disks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unless {
    /// Nothing.
    Never,
    /// Any of these parameters: a type that several nodes may attach, say.
    Parameter(&'static str),
    /// A parameter that does not name the file system of a disk: without it shares of files are made.
    NoFileSystem(&'static str),
}

struct Provisioner {
    name: &'static str,
    /// Whether several nodes may read what none writes.
    has_readers: bool,
    unless: Unless,
}

const fn disk(name: &'static str) -> Provisioner {
    Provisioner { name, has_readers: false, unless: Unless::Never }
}

const PROVISIONERS: &[Provisioner] = &[
    disk("ebs.csi.aws.com"),
    disk("ebs.csi.eks.amazonaws.com"),
    disk("kubernetes.io/aws-ebs"),
    Provisioner { name: "pd.csi.storage.gke.io", has_readers: true, unless: Unless::Never },
    Provisioner { name: "kubernetes.io/gce-pd", has_readers: true, unless: Unless::Never },
    disk("disk.csi.azure.com"),
    disk("kubernetes.io/azure-disk"),
    disk("kubernetes.io/vsphere-volume"),
    // vSAN serves files to many where no file system of a disk is asked for.
    Provisioner { name: "csi.vsphere.vmware.com", has_readers: false, unless: Unless::NoFileSystem("fstype") },
    Provisioner { name: "cinder.csi.openstack.org", has_readers: false, unless: Unless::Parameter("type") },
    disk("kubernetes.io/cinder"),
    disk("dobs.csi.digitalocean.com"),
    disk("csi.hetzner.cloud"),
    disk("linodebs.csi.linode.com"),
    disk("vpc.block.csi.ibm.io"),
    disk("rancher.io/local-path"),
    disk("topolvm.io"),
    disk("topolvm.cybozu.com"),
    disk("openebs.io/local"),
    Provisioner { name: "local.csi.openebs.io", has_readers: false, unless: Unless::Parameter("shared") },
];

/// File systems that one node at a time mounts.
const FILE_SYSTEMS: &[&str] = &["ext3", "ext4", "xfs", "btrfs", "ntfs"];

/// A class whose volumes are such disks.
#[derive(Clone, Copy, Debug)]
pub struct BlockDisk<'a> {
    /// The class.
    pub class: &'a Object,
    /// What makes its volumes.
    pub provisioner: &'a str,
    /// Whether several nodes may read what none writes.
    pub has_readers: bool,
}

impl<'a> Storage<'a> {
    /// The class that a claim asks for, if a manifest shows that its volumes are disks for one node.
    pub fn block_disk(&self, class: ClassName<'_>) -> Option<BlockDisk<'a>> {
        let object = self.storage_class(class)?;
        let provisioner = object.node().at(&["provisioner"])?.text();
        let known = PROVISIONERS.iter().find(|it| it.name == provisioner)?;
        let parameter = |wanted: &str| {
            let mut all = object.node().at(&["parameters"]).into_iter().flat_map(NodeRef::entries);
            all.find(|it| it.name().rsplit('/').next().is_some_and(|it| it.eq_ignore_ascii_case(wanted)))
        };
        let is_disk = match known.unless {
            // Its own configuration may name a folder that all nodes share.
            Unless::Never => provisioner != "rancher.io/local-path" || !self.has_shared_local_path(),
            Unless::Parameter(key) => parameter(key).is_none(),
            Unless::NoFileSystem(key) => parameter(key).is_some_and(|it| FILE_SYSTEMS.contains(&it.value.text())),
        };
        is_disk.then_some(BlockDisk { class: object, provisioner, has_readers: known.has_readers })
    }

    fn has_shared_local_path(&self) -> bool {
        self.named("", "ConfigMap", "local-path-config").iter().any(|it| {
            let mut entries = it.node().at(&["data"]).into_iter().flat_map(NodeRef::entries);
            entries.any(|it| it.value.text().contains("sharedFileSystemPath"))
        })
    }
}
