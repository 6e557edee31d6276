//! Answers that are found once for all environments of a run: several of them hold the same files.

use crate::index::lookup::hashing::Map;
use crate::model::Object;
use crate::yaml::DocumentId;
use std::any::{Any, TypeId};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// What depends on one text alone, or on one object as it is written. Each type of answer is a question of its own.
#[derive(Debug, Default)]
pub struct Memo {
    /// Whether there are several environments: what one asks is mostly asked once.
    keeps: bool,
    of_texts: Mutex<Map<TypeId, Map<Box<str>, Answer>>>,
    /// By the document and the position of the object in it.
    of_objects: Mutex<Map<TypeId, Map<(DocumentId, u32), Answer>>>,
}

/// An answer of some type, found when first asked for.
type Answer = Arc<dyn Any + Send + Sync>;

impl Memo {
    /// For a run of so many environments.
    pub fn new(environments: usize) -> Memo {
        Memo { keeps: environments > 1, ..Memo::default() }
    }

    /// The answer about a text.
    pub fn of_text<T: Send + Sync + 'static>(&self, text: &str, find: impl FnOnce() -> T) -> Arc<T> {
        if !self.keeps {
            return Arc::new(find());
        }
        let answer = {
            let mut all = lock(&self.of_texts);
            let known = all.entry(TypeId::of::<T>()).or_default();
            match known.get(text) {
                Some(answer) => Arc::clone(answer),
                None => Arc::clone(known.entry(text.into()).or_insert_with(open::<T>)),
            }
        };
        close(answer, find)
    }

    /// The answer about an object: about what is written, and not about where it was read.
    pub fn of_object<T: Send + Sync + 'static>(&self, object: &Object, find: impl FnOnce() -> T) -> Arc<T> {
        self.of_document(object, object.document().id(), find)
    }

    /// The same where the answer does not depend on the namespace of the object, which each environment may give it.
    pub fn of_object_anywhere<T: Send + Sync + 'static>(&self, object: &Object, find: impl FnOnce() -> T) -> Arc<T> {
        self.of_document(object, object.document().first_alike(), find)
    }

    fn of_document<T: Send + Sync + 'static>(
        &self,
        object: &Object,
        document: DocumentId,
        find: impl FnOnce() -> T,
    ) -> Arc<T> {
        if !self.keeps {
            return Arc::new(find());
        }
        let key = (document, object.node().id());
        let answer = {
            let mut all = lock(&self.of_objects);
            let known = all.entry(TypeId::of::<T>()).or_default();
            Arc::clone(known.entry(key).or_insert_with(open::<T>))
        };
        close(answer, find)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn open<T: Send + Sync + 'static>() -> Answer {
    Arc::new(OnceLock::<Arc<T>>::new())
}

/// Finds an answer that nobody has found. No lock is held meanwhile: a question may take long, and others have other ones.
fn close<T: Send + Sync + 'static>(answer: Answer, find: impl FnOnce() -> T) -> Arc<T> {
    let answer: Arc<OnceLock<Arc<T>>> = answer.downcast().expect("each type of answer has a map of its own");
    Arc::clone(answer.get_or_init(|| Arc::new(find())))
}
