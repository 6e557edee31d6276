//! Many files.

use crate::Shape;
use crate::objects::deployment;

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("files of one folder", 250, |tree, n| {
        for it in 0..n {
            tree.write(&format!("f{it}.yaml"), deployment(&format!("d{it}")));
        }
    }),
    Shape::new("files beside charts", 50, |tree, n| {
        for it in 0..n {
            tree.write(&format!("c{it}/Chart.yaml"), format!("apiVersion: v2\nname: c{it}\nversion: 1.0.0\n"));
            tree.write(&format!("c{it}/values.yaml"), "replicas: 1\n");
            tree.write(&format!("c{it}/templates/d.yaml"), deployment("{{ .Release.Name }}"));
        }
    }),
    Shape::new("files that .gitignore names", 250, |tree, n| {
        tree.write(".gitignore", (0..n).map(|it| format!("/g{it}.yaml\n")).collect::<Vec<_>>().concat());
        for it in 0..n {
            tree.write(&format!("f{it}.yaml"), deployment(&format!("d{it}")));
        }
    }),
    Shape::new("files of other formats", 250, |tree, n| {
        for it in 0..n {
            tree.write(&format!("f{it}.yaml"), "some: {values: [1, 2, 3]}\n");
        }
    }),
];
