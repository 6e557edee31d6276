//! The colours of pages: read on their ground, and told apart by those who see no red, no green or no blue.
//!
//! Facts: WCAG 2.2, 1.4.3 (contrast); Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of
//! Color Vision Deficiency" (2009), severity 1.0.

use crate::common::root;

type Triple = [f64; 3];

/// What each kind of eye makes of light.
const EYES: [(&str, [Triple; 3]); 4] = [
    ("all colours", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "no red",
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    ),
    (
        "no green",
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ),
    (
        "no blue",
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ),
];
/// Standings that stand beside each other.
const STANDINGS: [&str; 4] = ["fail", "hold", "open", "attested"];
/// How far apart two of them are at least, in CIE 1976 L*a*b*: 2 is just seen.
const APART: f64 = 15.0;
/// The contrast of text.
const CONTRAST: f64 = 4.5;

/// The linear light of `#rrggbb`.
fn light(hex: &str) -> Triple {
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("two digits")) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    [part(1), part(3), part(5)]
}

fn dot(one: Triple, other: Triple) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

fn seen(by: [Triple; 3], light: Triple) -> Triple {
    by.map(|row| dot(row, light).clamp(0.0, 1.0))
}

fn lab(light: Triple) -> Triple {
    let f = |it: f64| if it > 0.008_856 { it.cbrt() } else { 7.787 * it + 16.0 / 116.0 };
    let x = f(dot([0.4124, 0.3576, 0.1805], light) / 0.9505);
    let y = f(luminance(light));
    let z = f(dot([0.0193, 0.1192, 0.9505], light) / 1.089);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn luminance(light: Triple) -> f64 {
    dot([0.2126, 0.7152, 0.0722], light)
}

fn distance(one: Triple, other: Triple) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

fn contrast(one: Triple, other: Triple) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

/// The colour of a name in a block of the style.
fn colour(block: &str, name: &str) -> Triple {
    let start = format!("--{name}: ");
    let value = block.split(&start).nth(1).and_then(|it| it.split(';').next()).expect("the block has the colour");
    assert!(value.starts_with('#'), "{value}");
    light(&if value.len() == 4 { value.chars().flat_map(|it| [it, it]).skip(1).collect() } else { value.to_owned() })
}

#[test]
fn standings_are_read_and_told_apart_by_all_eyes() {
    let style = std::fs::read_to_string(root().join("src/render/page.css")).expect("there is a style");
    let blocks: Vec<&str> = style.split(":root {").skip(1).filter_map(|it| it.split('}').next()).collect();
    assert_eq!(blocks.len(), 3, "light, dark and paper");
    for block in blocks {
        let of = |name: &str| colour(block, name);
        for (at, standing) in STANDINGS.iter().enumerate() {
            for ground in ["page", "card", &format!("{standing}-soft")] {
                let contrast = contrast(of(standing), of(ground));
                assert!(contrast >= CONTRAST, "{standing} on {ground}: {contrast:.2} in {block}");
            }
            for (eyes, matrix) in EYES {
                for other in &STANDINGS[at + 1..] {
                    let apart = distance(lab(seen(matrix, of(standing))), lab(seen(matrix, of(other))));
                    assert!(apart >= APART, "{standing} and {other}, {eyes}: {apart:.1} in {block}");
                }
            }
        }
        for text in ["text", "muted"] {
            assert!(contrast(of(text), of("page")).min(contrast(of(text), of("card"))) >= CONTRAST, "{text}");
        }
    }
}
