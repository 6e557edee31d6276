//! Files that are deployed as they stand.

use super::documents::ReadFile;
use super::item::account;
use crate::model::Environment;

/// Adds a file as it stands.
pub(super) fn add_plain(environment: &mut Environment, file: &ReadFile) {
    for item in file.items() {
        environment.objects.extend(item.plain_object().cloned());
        std::sync::Arc::make_mut(&mut environment.documents).push(account(item));
    }
    environment.problems.extend(file.problems.iter().cloned());
    environment.unseen.extend(file.unseen.iter().cloned());
}
