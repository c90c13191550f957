//! Logistic regression on sparse rows: the steps of L-BFGS in one fixed order, from `libm` what is not
//! basic arithmetic.

use std::collections::VecDeque;

/// Rows of (column, value), one after another.
#[derive(Default)]
pub struct Rows {
    columns: Vec<u32>,
    values: Vec<f64>,
    ends: Vec<usize>,
}

impl Rows {
    pub fn push(&mut self, row: impl IntoIterator<Item = (u32, f64)>) {
        for (column, value) in row {
            self.columns.push(column);
            self.values.push(value);
        }
        self.ends.push(self.columns.len());
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn row(&self, at: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let from = if at == 0 { 0 } else { self.ends[at - 1] };
        let cells = from..self.ends[at];
        self.columns[cells.clone()].iter().map(|c| *c as usize).zip(self.values[cells].iter().copied())
    }

    /// The weighted sum of a row; the last weight is the constant.
    pub fn sum(&self, at: usize, weights: &[f64]) -> f64 {
        self.row(at).fold(weights.last().copied().unwrap_or(0.0), |sum, (column, value)| {
            sum + weights[column] * value
        })
    }
}

/// What is to be fitted: for every row a target between 0 and 1 and how much the row counts; for every
/// column how strongly its weight is drawn to zero.
pub struct Problem<'p> {
    pub rows: &'p Rows,
    pub targets: &'p [f64],
    pub counts: &'p [f64],
    pub pull: &'p [f64],
}

pub fn logistic(z: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-z))
}

fn softplus(z: f64) -> f64 {
    if z > 0.0 { z + libm::log1p(libm::exp(-z)) } else { libm::log1p(libm::exp(z)) }
}

impl Problem<'_> {
    /// The loss and its slope.
    fn look(&self, weights: &[f64], slope: &mut [f64]) -> f64 {
        let mut loss = 0.0;
        for ((g, w), pull) in slope.iter_mut().zip(weights).zip(self.pull.iter().chain([&0.0])) {
            *g = pull * w;
            loss += 0.5 * pull * w * w;
        }
        let last = weights.len() - 1;
        for (at, (target, count)) in self.targets.iter().zip(self.counts).enumerate() {
            let z = self.rows.sum(at, weights);
            loss += count * (softplus(z) - target * z);
            let error = count * (logistic(z) - target);
            for (column, value) in self.rows.row(at) {
                slope[column] += error * value;
            }
            slope[last] += error;
        }
        loss
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

/// The weights with the least loss, one for each column and the constant last.
pub fn fit(problem: &Problem<'_>, steps: usize) -> Vec<f64> {
    let size = problem.pull.len() + 1;
    let mut weights = vec![0.0; size];
    let mut slope = vec![0.0; size];
    let mut loss = problem.look(&weights, &mut slope);
    let mut past: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::new();
    for _ in 0..steps {
        let direction = downhill(&slope, &past);
        let steep = dot(&direction, &slope);
        if steep > -1e-9 {
            break;
        }
        let mut step = if past.is_empty() { 1.0 / libm::sqrt(dot(&slope, &slope)) } else { 1.0 };
        let mut next = vec![0.0; size];
        let mut next_slope = vec![0.0; size];
        let mut reached = None;
        for _ in 0..30 {
            for ((n, w), d) in next.iter_mut().zip(&weights).zip(&direction) {
                *n = w + step * d;
            }
            let tried = problem.look(&next, &mut next_slope);
            if tried <= loss + 1e-4 * step * steep {
                reached = Some(tried);
                break;
            }
            step *= 0.5;
        }
        let Some(better) = reached else { break };
        let moved: Vec<f64> = next.iter().zip(&weights).map(|(a, b)| a - b).collect();
        let turned: Vec<f64> = next_slope.iter().zip(&slope).map(|(a, b)| a - b).collect();
        let curve = dot(&moved, &turned);
        if curve > 1e-12 {
            past.push_back((moved, turned, 1.0 / curve));
            if past.len() > 8 {
                past.pop_front();
            }
        }
        let gained = loss - better;
        (weights, slope, loss) = (next, next_slope, better);
        if gained < 1e-7 * loss.abs() {
            break;
        }
    }
    weights
}

fn downhill(slope: &[f64], past: &VecDeque<(Vec<f64>, Vec<f64>, f64)>) -> Vec<f64> {
    let mut q: Vec<f64> = slope.iter().map(|g| -g).collect();
    let mut shares = Vec::with_capacity(past.len());
    for (moved, turned, curve) in past.iter().rev() {
        let share = curve * dot(moved, &q);
        q.iter_mut().zip(turned).for_each(|(q, y)| *q -= share * y);
        shares.push(share);
    }
    if let Some((moved, turned, _)) = past.back() {
        let scale = dot(moved, turned) / dot(turned, turned);
        q.iter_mut().for_each(|q| *q *= scale);
    }
    for ((moved, turned, curve), share) in past.iter().zip(shares.iter().rev()) {
        let back = curve * dot(turned, &q);
        q.iter_mut().zip(moved).for_each(|(q, s)| *q += (share - back) * s);
    }
    q
}
