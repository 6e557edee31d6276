//! Reads `render:`, charts with their values.

use super::Reader;
use crate::config::{RenderSetting, keys};
use crate::yaml::NodeRef;

impl<'d> Reader<'d> {
    pub(super) fn render(&mut self, item: NodeRef<'d>) -> Option<RenderSetting> {
        let mut chart = None;
        let span = item.first_line();
        let mut setting = RenderSetting {
            chart: String::new(),
            values: Vec::new(),
            name: None,
            release: None,
            namespace: None,
            span,
        };
        for entry in self.fields(item, None, keys::RENDER) {
            match entry.name() {
                "chart" => chart = Some(self.value::<String>(entry)),
                "values" => setting.values = self.each(entry, |reader, it| reader.typed(it, None)),
                "name" => setting.name = self.value(entry),
                "release" => setting.release = self.value(entry),
                _ => setting.namespace = self.value(entry),
            }
        }
        self.require(item, "chart", chart.is_some());
        Some(RenderSetting { chart: chart??, ..setting })
    }
}
