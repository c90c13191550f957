//! Learning a chain of labels: a linear conditional random field, by stochastic gradient with a step
//! of its own for each weight (AdaGrad). One thread, one fixed order, `libm` for the exponential: the
//! same texts give the same weights on every machine.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// One chain: the features of each place, and its label.
#[derive(Default)]
pub struct Chain {
    /// Where the features of each place end in `features`.
    ends: Vec<u32>,
    features: Vec<u32>,
    labels: Vec<u8>,
}

impl Chain {
    /// The chain with a share of its features hidden.
    fn hide(&self, share: u64, seed: &mut u64) -> Chain {
        let mut seen = Chain { labels: self.labels.clone(), ..Chain::default() };
        for i in 0..self.labels.len() {
            seen.features.extend(self.at(i).iter().filter(|_| next(seed) >> 32 & 0xff >= share));
            seen.ends.push(seen.features.len() as u32);
        }
        seen
    }

    fn at(&self, i: usize) -> &[u32] {
        let start = if i == 0 { 0 } else { self.ends.get(i - 1).copied().unwrap_or(0) };
        let end = self.ends.get(i).copied().unwrap_or(start);
        self.features.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// How the weights are learned.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub labels: usize,
    pub epochs: usize,
    /// Features seen less often are left out.
    pub least: u32,
    pub step: f32,
    /// Pull towards zero, for each time that a weight is touched.
    pub pull: f32,
    /// The share of features, in 256ths, that is hidden each time a chain is studied, so that no
    /// single one is relied upon.
    pub hidden: u64,
    /// The written weights are the mean of those after each of so many last epochs: where single steps
    /// end is chance.
    pub averaged: usize,
    /// One unit of the integers is this part of one.
    pub units: f32,
    /// Lines of the written table, as a binary logarithm.
    pub lines: u32,
}

/// Keys are hashes already.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Gives each feature that is seen often enough a number, in the order of first sight.
#[derive(Default)]
pub struct Features {
    numbers: HashMap<u64, u32, BuildHasherDefault<Same>>,
    names: Vec<u64>,
    counts: Vec<u32>,
}

impl Features {
    /// The number of a feature, which counts as seen once more.
    pub fn see(&mut self, feature: u64) -> u32 {
        let next = self.names.len() as u32;
        let number = *self.numbers.entry(feature).or_insert(next);
        if number == next {
            self.names.push(feature);
            self.counts.push(0);
        }
        if let Some(count) = self.counts.get_mut(number as usize) {
            *count += 1;
        }
        number
    }
}

/// Collects chains with their features.
#[derive(Default)]
pub struct Lessons {
    pub features: Features,
    pub chains: Vec<Chain>,
}

impl Lessons {
    /// Adds a chain: `name` is called for each place and names its features.
    pub fn add(&mut self, labels: Vec<u8>, mut name: impl FnMut(usize, &mut dyn FnMut(u64))) {
        let mut chain = Chain { labels, ..Chain::default() };
        for i in 0..chain.labels.len() {
            name(i, &mut |feature| chain.features.push(self.features.see(feature)));
            chain.ends.push(chain.features.len() as u32);
        }
        self.chains.push(chain);
    }

    /// Leaves out what was seen too seldom and numbers the rest anew.
    fn thin(&mut self, least: u32) {
        let mut kept = Vec::new();
        let numbers: Vec<u32> = self
            .features
            .counts
            .iter()
            .zip(&self.features.names)
            .map(|(count, name)| {
                if *count < least {
                    return u32::MAX;
                }
                kept.push(*name);
                kept.len() as u32 - 1
            })
            .collect();
        for chain in &mut self.chains {
            let mut features = Vec::with_capacity(chain.features.len());
            let mut ends = Vec::with_capacity(chain.ends.len());
            for i in 0..chain.labels.len() {
                let known = |f: &u32| numbers.get(*f as usize).copied().filter(|n| *n != u32::MAX);
                features.extend(chain.at(i).iter().filter_map(known));
                ends.push(features.len() as u32);
            }
            chain.features = features;
            chain.ends = ends;
        }
        self.features = Features { names: kept, ..Features::default() };
    }
}

/// The weights while they are learned.
struct Learner {
    settings: Settings,
    weights: Vec<f32>,
    squares: Vec<f32>,
    /// Label by label; the row before the first is the beginning.
    steps: Vec<f32>,
    step_squares: Vec<f32>,
}

/// Learns from all chains and returns the file of weights that `extract` embeds.
pub fn learn(mut lessons: Lessons, settings: Settings) -> Vec<u8> {
    lessons.thin(settings.least);
    let count = lessons.features.names.len();
    let labels = settings.labels;
    eprintln!("  {} chains, {} features seen at least {} times", lessons.chains.len(), count, settings.least);
    let mut learner = Learner {
        settings,
        weights: vec![0.0; count * labels],
        squares: vec![0.0; count * labels],
        steps: vec![0.0; labels * (labels + 1)],
        step_squares: vec![0.0; labels * (labels + 1)],
    };
    let mut order: Vec<u32> = (0..lessons.chains.len() as u32).collect();
    let mut seed = 0x2545_f491_4f6c_dd1du64;
    let mut mean = vec![0.0; count * labels];
    let mut mean_steps = vec![0.0; labels * (labels + 1)];
    for epoch in 1..=settings.epochs {
        shuffle(&mut order, &mut seed);
        let mut loss = 0.0;
        for number in &order {
            if let Some(chain) = lessons.chains.get(*number as usize) {
                loss += learner.study(&chain.hide(settings.hidden, &mut seed));
            }
        }
        eprintln!("  epoch {epoch}: loss {loss:.0}");
        if epoch + settings.averaged > settings.epochs {
            let share = 1.0 / settings.averaged as f32;
            let pairs = mean.iter_mut().zip(&learner.weights);
            let step_pairs = mean_steps.iter_mut().zip(&learner.steps);
            pairs.chain(step_pairs).for_each(|(mean, weight)| *mean += share * weight);
        }
    }
    (learner.weights, learner.steps) = (mean, mean_steps);
    learner.write(&lessons.features.names)
}

/// The next of a fixed row of numbers (xorshift).
fn next(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

fn shuffle(order: &mut [u32], seed: &mut u64) {
    for i in (1..order.len()).rev() {
        order.swap(i, (next(seed) % (i as u64 + 1)) as usize);
    }
}

impl Learner {
    /// Learns from one chain; returns how badly it was known before.
    #[expect(clippy::indexing_slicing, reason = "matrices of a size fixed above, in the innermost loop")]
    fn study(&mut self, chain: &Chain) -> f64 {
        let n = chain.labels.len();
        let l = self.settings.labels;
        if n == 0 {
            return 0.0;
        }
        let step: Vec<f64> = self.steps.iter().map(|s| libm::exp(f64::from(*s))).collect();
        let mut psi = vec![0.0f64; n * l];
        let mut shift = 0.0;
        for i in 0..n {
            let row = &mut psi[i * l..(i + 1) * l];
            for feature in chain.at(i) {
                let base = *feature as usize * l;
                for (slot, weight) in row.iter_mut().zip(&self.weights[base..base + l]) {
                    *slot += f64::from(*weight);
                }
            }
            let most = row.iter().copied().fold(f64::MIN, f64::max);
            shift += most - row[usize::from(chain.labels[i])];
            row.iter_mut().for_each(|s| *s = libm::exp(*s - most));
        }
        let mut alpha = vec![0.0f64; n * l];
        let mut norm = vec![0.0f64; n];
        for i in 0..n {
            let mut sum = 0.0;
            for y in 0..l {
                let before = if i == 0 {
                    step[y]
                } else {
                    (0..l).map(|x| alpha[(i - 1) * l + x] * step[(x + 1) * l + y]).sum()
                };
                let value = before * psi[i * l + y];
                alpha[i * l + y] = value;
                sum += value;
            }
            norm[i] = sum;
            alpha[i * l..(i + 1) * l].iter_mut().for_each(|a| *a /= sum);
        }
        let mut beta = vec![1.0f64; n * l];
        for i in (0..n - 1).rev() {
            for x in 0..l {
                let sum: f64 = (0..l)
                    .map(|y| step[(x + 1) * l + y] * psi[(i + 1) * l + y] * beta[(i + 1) * l + y])
                    .sum();
                beta[i * l + x] = sum / norm[i + 1];
            }
        }
        let mut loss = shift;
        let mut expected = vec![0.0f64; l * (l + 1)];
        for i in 0..n {
            loss += libm::log(norm[i]);
            let gold = usize::from(chain.labels[i]);
            let from = if i == 0 { 0 } else { usize::from(chain.labels[i - 1]) + 1 };
            expected[from * l + gold] -= 1.0;
            loss -= f64::from(self.steps[from * l + gold]);
            if i == 0 {
                for y in 0..l {
                    expected[y] += alpha[y] * beta[y];
                }
            } else {
                for x in 0..l {
                    for y in 0..l {
                        expected[(x + 1) * l + y] +=
                            alpha[(i - 1) * l + x] * step[(x + 1) * l + y] * psi[i * l + y] * beta[i * l + y]
                                / norm[i];
                    }
                }
            }
            for y in 0..l {
                let slope = alpha[i * l + y] * beta[i * l + y] - f64::from(u8::from(y == gold));
                let slope = slope as f32;
                if slope.abs() < 1e-4 {
                    continue;
                }
                for feature in chain.at(i) {
                    let k = *feature as usize * l + y;
                    let slope = slope + self.settings.pull * self.weights[k];
                    self.squares[k] += slope * slope;
                    self.weights[k] -= self.settings.step * slope / (self.squares[k].sqrt() + 1e-6);
                }
            }
        }
        for (k, slope) in expected.iter().enumerate() {
            let slope = *slope as f32;
            if slope != 0.0 {
                self.step_squares[k] += slope * slope;
                self.steps[k] -= self.settings.step * slope / (self.step_squares[k].sqrt() + 1e-6);
            }
        }
        loss
    }

    fn write(&self, names: &[u64]) -> Vec<u8> {
        let l = self.settings.labels;
        let units = self.settings.units;
        let steps: Vec<i16> =
            self.steps.iter().map(|s| (s * units).round().clamp(-30_000.0, 30_000.0) as i16).collect();
        let entries = names.iter().zip(self.weights.chunks_exact(l)).map(|(name, weights)| {
            let none = weights.first().copied().unwrap_or(0.0);
            let seen = (256 - self.settings.hidden) as f32 / 256.0;
            let small = |w: &f32| ((w - none) * units * seen).round().clamp(-127.0, 127.0) as i8;
            (*name, weights.iter().skip(1).map(small).collect())
        });
        let (bytes, left_out) = extract::learn::write(self.settings.lines, &steps, entries);
        eprintln!("  {left_out} light features found no room");
        bytes
    }
}
