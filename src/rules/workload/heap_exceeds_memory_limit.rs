//! `heap-exceeds-memory-limit`

use crate::index::{HeapSize, JavaHeap};
use crate::model::Quantity;
use crate::rule::{Context, Verdict, rule};

/// A heap of so many percent of the limit leaves too little beside it.
const TOO_MUCH: u64 = 90;

rule!(HeapExceedsMemoryLimit, "workload/heap-exceeds-memory-limit.md", |walk| walk
    .each(|index| index.java_heaps(), judge));

fn judge(heap: JavaHeap<'_>, cx: &mut Context<'_>) -> Verdict {
    // A limit that is a template placeholder, or that nobody means, says nothing of the heap.
    let Some(limit) = Quantity::read(heap.limit).and_then(Quantity::units).filter(|it| *it > 1 << 20) else {
        return Verdict::NotApplicable;
    };
    let share = match heap.size {
        HeapSize::Bytes(bytes) => u64::try_from(u128::from(bytes) * 100 / u128::from(limit)).unwrap_or(u64::MAX),
        HeapSize::Percent(percent) => percent,
    };
    let object = heap.object;
    if share < TOO_MUCH {
        return Verdict::Pass;
    }
    let (option, written) = (heap.option, heap.limit.text());
    let message =
        format!("{option} gives the heap {share} % of the memory limit of {written}, and Java needs memory beside it");
    // Three quarters are usual.
    let mebibytes = limit / 4 * 3 / (1 << 20);
    let smaller = match heap.size {
        HeapSize::Bytes(_) => format!("set -Xmx{mebibytes}m or less"),
        HeapSize::Percent(_) => "set MaxRAMPercentage to 75 or less".to_owned(),
    };
    let help = format!(
        "{smaller}, or raise the limit: threads, class data and buffers come on top, and the kernel kills the container at its limit"
    );
    cx.fail(object, heap.place, message)
        .evidence("percent", share)
        .label(heap.limit.span(), "all that the container may use")
        .help(help)
        .verdict()
}
