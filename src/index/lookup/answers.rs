//! What is found once of something that many objects have in common. Each question has a type of its own.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Answers by their type.
#[derive(Debug, Default)]
pub(in crate::index) struct Answers(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Answers {
    /// The answer to the question of this type.
    pub(in crate::index) fn once<T: Send + Sync + 'static>(&self, find: impl FnOnce() -> T) -> Arc<T> {
        let of_type = TypeId::of::<T>();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&of_type).cloned();
        if let Some(known) = known {
            return known.downcast().expect("answers are filed by their type");
        }
        // Not under the lock: a question may ask another one.
        let answer = Arc::new(find());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(of_type, Arc::clone(&answer) as _);
        answer
    }
}
