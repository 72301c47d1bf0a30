//! Where boxes stand: a layered layout, from what is referred to on the left to what refers on the right.
//!
//! In: boxes of groups, and links between ports at their sides. Out: a place for each box, a smooth way
//! for each link, and the frames of the groups, in whole pixels. Groups are bands above each other, and
//! share the layers. Long links run through layers between boxes; those to one box share their way.
//! Knows nothing of schemas.

use rustc_hash::FxHashMap;

use crate::sort;

/// A box to place.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// Its group, from 0.
    pub group: usize,
    /// The least width; boxes of a layer share the widest.
    pub width: i32,
    /// Its height.
    pub height: i32,
}

/// A link between two boxes.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// The box that refers.
    pub from: usize,
    /// Where, below the top of that box.
    pub from_port: i32,
    /// The box that is referred to.
    pub to: usize,
    /// Where, below the top of that box.
    pub to_port: i32,
}

/// A point; y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Point {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rect {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// How wide.
    pub width: i32,
    /// How high.
    pub height: i32,
}

/// The way of a link: from the box that refers to the one that is referred to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// Where it begins: at the side of a box.
    pub start: Point,
    /// Cubic curves, each two controls and an end.
    pub curves: Vec<[Point; 3]>,
    /// Whether it leaves to the left, and whether it arrives from the right.
    pub leaves_left: bool,
    /// See there.
    pub arrives_right: bool,
}

/// Everything in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// The boxes, in the order given.
    pub blocks: Vec<Rect>,
    /// The links, in the order given.
    pub routes: Vec<Route>,
    /// The frames of groups; of one without boxes, nothing.
    pub groups: Vec<Rect>,
    /// How wide all is.
    pub width: i32,
    /// How high all is.
    pub height: i32,
}

const MARGIN: i32 = 32;
const LAYER_GAP: i32 = 84;
const BLOCK_GAP: i32 = 26;
const WAY_GAP: i32 = 12;
/// Around the boxes of a group, and for its title.
const GROUP_PADDING: i32 = 18;
const GROUP_TITLE: i32 = 26;
/// How often layers are put in order, and moved towards what they are linked to.
const SWEEPS: usize = 12;

/// Places boxes. Work grows with boxes, links, and the layers that these cross.
pub fn place(blocks: &[Block], links: &[Link]) -> Layout {
    let layers = assign(blocks, links);
    let mut grid = Grid::new(blocks, links, &layers);
    grid.order();
    grid.settle();
    grid.finish(blocks, links)
}

/// The layer of each box: right of all that it refers to, unless that is a cycle, and no higher than
/// makes a pleasant page.
fn assign(blocks: &[Block], links: &[Link]) -> Vec<usize> {
    let mut parents: Vec<Vec<usize>> = vec![Vec::new(); blocks.len()];
    let mut children = parents.clone();
    for link in links.iter().filter(|link| link.from != link.to) {
        if let Some(list) = parents.get_mut(link.from) {
            list.push(link.to);
        }
        if let Some(list) = children.get_mut(link.to) {
            list.push(link.from);
        }
    }
    let order = parents_first(&parents);
    let mut heights = Heights::new(blocks);
    let mut layers: Vec<Option<usize>> = vec![None; blocks.len()];
    let is_alone = |at: usize| {
        parents.get(at).is_none_or(Vec::is_empty) && children.get(at).is_none_or(Vec::is_empty)
    };
    for at in order.iter().copied().filter(|at| !is_alone(*at)) {
        let placed = parents.get(at).into_iter().flatten();
        let first = placed.filter_map(|it| *layers.get(*it)?).map(|it| it + 1).max().unwrap_or(0);
        let layer = heights.first_free(at, first);
        heights.add(at, layer);
        if let Some(slot) = layers.get_mut(at) {
            *slot = Some(layer);
        }
    }
    // Closer to what refers to it, where there is room.
    for at in order.iter().rev().copied() {
        let Some(Some(layer)) = layers.get(at).copied() else { continue };
        let right = children.get(at).into_iter().flatten();
        let right = right.filter_map(|it| *layers.get(*it)?).filter(|it| *it > layer).min();
        let wanted = right.map_or(layer, |right| right - 1);
        let is_root = parents.get(at).is_none_or(Vec::is_empty);
        if is_root && wanted > layer && heights.has_room(at, wanted) {
            heights.remove(at, layer);
            heights.add(at, wanted);
            if let Some(slot) = layers.get_mut(at) {
                *slot = Some(wanted);
            }
        }
    }
    for at in order.iter().copied().filter(|at| is_alone(*at)) {
        let layer = heights.lowest(at);
        heights.add(at, layer);
        if let Some(slot) = layers.get_mut(at) {
            *slot = Some(layer);
        }
    }
    layers.into_iter().map(Option::unwrap_or_default).collect()
}

/// All boxes, each after those that it refers to; within a cycle, as given.
fn parents_first(parents: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(parents.len());
    let mut seen = vec![false; parents.len()];
    let mut path: Vec<(usize, usize)> = Vec::new();
    let mut visit = |at: usize, path: &mut Vec<(usize, usize)>| {
        if let Some(seen) = seen.get_mut(at)
            && !std::mem::replace(seen, true)
        {
            path.push((at, 0));
        }
    };
    for start in 0..parents.len() {
        visit(start, &mut path);
        while let Some((at, next)) = path.last_mut() {
            match parents.get(*at).and_then(|list| list.get(*next)) {
                Some(parent) => {
                    *next += 1;
                    visit(*parent, &mut path);
                }
                None => {
                    order.push(*at);
                    path.pop();
                }
            }
        }
    }
    order
}

/// How high the layers of each group are so far.
struct Heights<'a> {
    blocks: &'a [Block],
    /// By group, how high a layer should become at most.
    limits: Vec<i64>,
    used: FxHashMap<(usize, usize), i64>,
    layers: usize,
}

impl<'a> Heights<'a> {
    fn new(blocks: &'a [Block]) -> Self {
        let groups = blocks.iter().map(|block| block.group + 1).max().unwrap_or(0);
        let limits = (0..groups).map(|group| {
            let own = || blocks.iter().filter(|block| block.group == group);
            let area: f64 = own()
                .map(|it| f64::from(it.height + BLOCK_GAP) * f64::from(it.width + LAYER_GAP))
                .sum();
            let tallest = own().map(|it| i64::from(it.height + BLOCK_GAP)).max().unwrap_or(0);
            // A page is a little wider than high.
            tallest.max((area * 0.62).sqrt() as i64)
        });
        Self { blocks, limits: limits.collect(), used: FxHashMap::default(), layers: 0 }
    }

    fn of(&self, at: usize) -> (usize, i64) {
        let block = self.blocks.get(at);
        block.map_or((0, 0), |it| (it.group, i64::from(it.height + BLOCK_GAP)))
    }

    fn has_room(&self, at: usize, layer: usize) -> bool {
        let (group, height) = self.of(at);
        let used = self.used.get(&(group, layer)).copied().unwrap_or_default();
        used == 0 || used + height <= self.limits.get(group).copied().unwrap_or_default()
    }

    fn first_free(&self, at: usize, from: usize) -> usize {
        (from..self.layers).find(|layer| self.has_room(at, *layer)).unwrap_or(self.layers.max(from))
    }

    /// The layer that would be the least high, or a new one where all are full.
    fn lowest(&self, at: usize) -> usize {
        let (group, _) = self.of(at);
        let free = (0..self.layers.max(1)).filter(|layer| self.has_room(at, *layer));
        let used = |layer: &usize| self.used.get(&(group, *layer)).copied().unwrap_or_default();
        free.min_by_key(used).unwrap_or(self.layers)
    }

    fn add(&mut self, at: usize, layer: usize) {
        let (group, height) = self.of(at);
        *self.used.entry((group, layer)).or_default() += height;
        self.layers = self.layers.max(layer + 1);
    }

    fn remove(&mut self, at: usize, layer: usize) {
        let (group, height) = self.of(at);
        *self.used.entry((group, layer)).or_default() -= height;
    }
}

/// What stands in a layer: a box, or a place where links pass.
#[derive(Debug, Clone, Copy)]
struct Item {
    group: usize,
    height: i32,
    is_way: bool,
    y: i32,
}

/// A part of a link between neighbouring layers, by items and ports.
#[derive(Debug, Clone, Copy)]
struct Segment {
    left: (usize, i32),
    right: (usize, i32),
}

/// How a link goes.
#[derive(Debug, Clone)]
enum Way {
    /// Over items of the layers between, from the left to the right, and whether it begins there.
    Through(Vec<usize>, bool),
    /// Within a layer, or from a box to itself.
    Beside,
}

struct Grid {
    items: Vec<Item>,
    /// The items of each layer, from the top.
    layers: Vec<Vec<usize>>,
    layer_of: Vec<usize>,
    segments: Vec<Segment>,
    ways: Vec<Way>,
    /// Of each item, the segments at its left and at its right.
    lefts: Vec<Vec<usize>>,
    rights: Vec<Vec<usize>>,
    groups: usize,
    /// Of each layer, how high the items of each group stand.
    heights: Vec<Vec<i32>>,
    /// The top and the bottom of each group's boxes.
    bands: Vec<(i32, i32)>,
}

impl Grid {
    fn new(blocks: &[Block], links: &[Link], layers: &[usize]) -> Self {
        let boxes = blocks.iter();
        let item = |it: &Block| Item { group: it.group, height: it.height, is_way: false, y: 0 };
        let mut grid = Self {
            items: boxes.map(item).collect(),
            layers: vec![Vec::new(); layers.iter().max().map_or(0, |last| last + 1)],
            layer_of: layers.to_vec(),
            segments: Vec::new(),
            ways: Vec::new(),
            lefts: Vec::new(),
            rights: Vec::new(),
            groups: blocks.iter().map(|block| block.group + 1).max().unwrap_or_default(),
            heights: Vec::new(),
            bands: Vec::new(),
        };
        // The ways to a box that links share, by layer and by the side that they come from.
        let mut shared: FxHashMap<(usize, i32, usize, bool), usize> = FxHashMap::default();
        for link in links {
            let layer = |at: usize| layers.get(at).copied().unwrap_or_default();
            let (from, to) = (layer(link.from), layer(link.to));
            if from == to {
                grid.ways.push(Way::Beside);
                continue;
            }
            let refers_left = to < from;
            let group = blocks.get(link.to).map_or(0, |it| it.group);
            let mut through = Vec::new();
            for layer in from.min(to) + 1..from.max(to) {
                let key = (link.to, link.to_port, layer, refers_left);
                let items = &mut grid.items;
                let layer_of = &mut grid.layer_of;
                through.push(*shared.entry(key).or_insert_with(|| {
                    items.push(Item { group, height: 0, is_way: true, y: 0 });
                    layer_of.push(layer);
                    items.len() - 1
                }));
            }
            let ends = [(link.from, link.from_port), (link.to, link.to_port)];
            let [left, right] = if refers_left { [ends[1], ends[0]] } else { ends };
            let mut previous = left;
            for at in &through {
                grid.segments.push(Segment { left: previous, right: (*at, 0) });
                previous = (*at, 0);
            }
            grid.segments.push(Segment { left: previous, right });
            grid.ways.push(Way::Through(through, !refers_left));
        }
        for (at, layer) in grid.layer_of.iter().enumerate() {
            if let Some(list) = grid.layers.get_mut(*layer) {
                list.push(at);
            }
        }
        grid.lefts = vec![Vec::new(); grid.items.len()];
        grid.rights = vec![Vec::new(); grid.items.len()];
        for (index, segment) in grid.segments.iter().enumerate() {
            if let Some(list) = grid.rights.get_mut(segment.left.0) {
                list.push(index);
            }
            if let Some(list) = grid.lefts.get_mut(segment.right.0) {
                list.push(index);
            }
        }
        for list in &mut grid.layers {
            sort::by_key(list, |at| grid.items.get(*at).map(|it| it.group));
        }
        grid
    }

    fn item(&self, at: usize) -> Item {
        self.items.get(at).copied().unwrap_or(Item { group: 0, height: 0, is_way: true, y: 0 })
    }

    fn gap(&self, one: usize, other: usize) -> i32 {
        if self.item(one).is_way || self.item(other).is_way { WAY_GAP } else { BLOCK_GAP }
    }

    /// Puts the items of each layer beside what they are linked to, with few crossings.
    fn order(&mut self) {
        self.heights = self.layers.iter().map(|list| self.heights_of(list)).collect();
        self.bands = self.bands();
        (0..self.layers.len()).for_each(|layer| self.stack(layer));
        let mut keyed: Vec<(usize, i32, usize)> = Vec::new();
        for sweep in 0..SWEEPS {
            let count = self.layers.len();
            for step in 0..count {
                let rightwards = sweep % 2 == 0;
                let layer = if rightwards { step } else { count - 1 - step };
                let Some(list) = self.layers.get(layer) else { continue };
                keyed.clear();
                keyed.extend(list.iter().map(|at| {
                    let item = self.item(*at);
                    let y = self.wanted(*at, rightwards, !rightwards).unwrap_or(item.y);
                    (item.group, y + item.height / 2, *at)
                }));
                let key = |(group, centre, _): &(usize, i32, usize)| (*group, *centre);
                if !keyed.is_sorted_by_key(key) {
                    sort::by_key(&mut keyed, key);
                    self.rearrange(layer, keyed.iter().map(|(.., at)| *at).collect());
                }
            }
        }
    }

    /// Gives a layer another order, and its items their places. The other layers move only where the
    /// bands do.
    fn rearrange(&mut self, layer: usize, list: Vec<usize>) {
        let heights = self.heights_of(&list);
        let (Some(old), Some(old_heights)) =
            (self.layers.get_mut(layer), self.heights.get_mut(layer))
        else {
            return;
        };
        *old = list;
        let are_kept = *old_heights == heights;
        *old_heights = heights;
        let bands = if are_kept { None } else { Some(self.bands()) };
        match bands.filter(|bands| *bands != self.bands) {
            None => self.stack(layer),
            Some(bands) => {
                self.bands = bands;
                (0..self.layers.len()).for_each(|layer| self.stack(layer));
            }
        }
    }

    /// The segments of an item, at the side whose lists these are.
    fn segments_of<'g>(
        &'g self,
        lists: &'g [Vec<usize>],
        at: usize,
    ) -> impl Iterator<Item = &'g Segment> {
        lists.get(at).into_iter().flatten().filter_map(|index| self.segments.get(*index))
    }

    /// Where the top of an item would best be: so that its links run level. None for one without links
    /// at these sides.
    fn wanted(&self, at: usize, left: bool, right: bool) -> Option<i32> {
        let own_is_way = self.item(at).is_way;
        let mut sum = 0_i64;
        let mut count = 0_i64;
        let mut add = |own: i32, (other, port): (usize, i32)| {
            let other = self.item(other);
            // A bend between two boxes is less of a bend than one amid a long way.
            let weight = if own_is_way && other.is_way { 4 } else { 1 };
            sum += weight * i64::from(other.y + port - own);
            count += weight;
        };
        if left {
            for it in self.segments_of(&self.lefts, at) {
                add(it.right.1, it.left);
            }
        }
        if right {
            for it in self.segments_of(&self.rights, at) {
                add(it.left.1, it.right);
            }
        }
        (count > 0).then(|| (sum / count.max(1)) as i32)
    }

    /// How high the items of each group stand in a layer, with what is between them.
    fn heights_of(&self, list: &[usize]) -> Vec<i32> {
        let mut heights = vec![0; self.groups];
        for (at, next) in list.iter().zip(list.iter().skip(1).map(Some).chain([None])) {
            let item = self.item(*at);
            let gap = match next {
                Some(next) if self.item(*next).group == item.group => self.gap(*at, *next),
                _ => 0,
            };
            if let Some(height) = heights.get_mut(item.group) {
                *height += item.height + gap;
            }
        }
        heights
    }

    /// The bands, one below the other, each as high as in the layer where it is highest.
    fn bands(&self) -> Vec<(i32, i32)> {
        let has_frames = self.groups > 1;
        let mut top = MARGIN;
        let band = |group: usize| {
            let heights = self.heights.iter().filter_map(|heights| heights.get(group));
            let height = heights.copied().max().unwrap_or_default();
            let inner = top + if has_frames { GROUP_TITLE + GROUP_PADDING } else { 0 };
            top = inner + height + if has_frames { 2 * GROUP_PADDING + BLOCK_GAP } else { 0 };
            (inner, inner + height)
        };
        (0..self.groups).map(band).collect()
    }

    /// Stacks a layer from the top of its bands.
    fn stack(&mut self, layer: usize) {
        let Some(list) = self.layers.get(layer) else { return };
        let mut below: Vec<i32> = self.bands.iter().map(|(top, _)| *top).collect();
        for (index, at) in list.iter().enumerate() {
            let gap = list.get(index + 1).map_or(0, |next| self.gap(*at, *next));
            let group = self.item(*at).group;
            if let (Some(item), Some(y)) = (self.items.get_mut(*at), below.get_mut(group)) {
                item.y = *y;
                *y += item.height + gap;
            }
        }
    }

    /// Moves items up and down within their bands, in their order, until links run level.
    fn settle(&mut self) {
        for sweep in 0..3 * SWEEPS {
            let mut has_moved = false;
            let count = self.layers.len();
            for step in 0..count {
                let layer = if sweep % 2 == 0 { step } else { count - 1 - step };
                let list = self.layers.get(layer).cloned().unwrap_or_default();
                let mut rest = list.as_slice();
                while let Some(first) = rest.first() {
                    let group = self.item(*first).group;
                    let end = rest.iter().take_while(|at| self.item(**at).group == group).count();
                    let (run, after) = rest.split_at(end);
                    has_moved |= self.settle_run(run, group);
                    rest = after;
                }
            }
            if !has_moved {
                return;
            }
        }
    }

    /// Moves neighbours of a layer; says whether any was not in its place already.
    fn settle_run(&mut self, run: &[usize], group: usize) -> bool {
        let (top, bottom) = self.bands.get(group).copied().unwrap_or_default();
        let wanted: Vec<i32> =
            run.iter().map(|at| self.wanted(*at, true, true).unwrap_or(self.item(*at).y)).collect();
        // The height of each, and the gap below it.
        let gaps = run.iter().zip(run.iter().skip(1)).map(|(a, b)| self.gap(*a, *b)).chain([0]);
        let sizes: Vec<(i32, i32)> = run.iter().map(|at| self.item(*at).height).zip(gaps).collect();
        let down = |ys: &mut [i32]| {
            let mut least = top;
            for (y, (height, gap)) in ys.iter_mut().zip(&sizes) {
                *y = least.max(*y);
                least = *y + height + gap;
            }
        };
        let up = |ys: &mut [i32]| {
            let mut most = bottom;
            for (y, (height, gap)) in ys.iter_mut().zip(&sizes).rev() {
                *y = (most - gap - height).min(*y);
                most = *y;
            }
        };
        let (mut low, mut high) = (wanted.clone(), wanted);
        down(&mut low);
        up(&mut low);
        up(&mut high);
        down(&mut high);
        // Both keep the gaps, and so does what lies between.
        let mut has_moved = false;
        for ((at, low), high) in run.iter().zip(low).zip(high) {
            if let Some(item) = self.items.get_mut(*at) {
                let y = i32::midpoint(low, high);
                has_moved |= y != item.y;
                item.y = y;
            }
        }
        has_moved
    }

    fn finish(&self, blocks: &[Block], links: &[Link]) -> Layout {
        let mut widths = vec![0; self.layers.len()];
        for (block, layer) in blocks.iter().zip(&self.layer_of) {
            if let Some(width) = widths.get_mut(*layer) {
                *width = block.width.max(*width);
            }
        }
        let groups = self.bands.len();
        let mut x = MARGIN + if groups > 1 { GROUP_PADDING } else { 0 };
        let mut lefts = Vec::new();
        for width in &widths {
            lefts.push(x);
            x += width + LAYER_GAP;
        }
        let span = |at: usize| {
            let layer = self.layer_of.get(at).copied().unwrap_or_default();
            let left = lefts.get(layer).copied().unwrap_or_default();
            (left, left + widths.get(layer).copied().unwrap_or_default())
        };
        let boxes: Vec<Rect> = (0..blocks.len())
            .map(|at| {
                let ((x, right), item) = (span(at), self.item(at));
                Rect { x, y: item.y, width: right - x, height: item.height }
            })
            .collect();
        let route = |(link, way): (&Link, &Way)| -> Route {
            let start = self.item(link.from).y + link.from_port;
            let end = self.item(link.to).y + link.to_port;
            let ((from_left, from_right), (to_left, to_right)) = (span(link.from), span(link.to));
            match way {
                Way::Beside => {
                    let bulge = from_right.max(to_right) + LAYER_GAP / 2;
                    let start = Point { x: from_right, y: start };
                    let end = Point { x: to_right, y: end };
                    let curve = [Point { x: bulge, y: start.y }, Point { x: bulge, y: end.y }, end];
                    Route { start, curves: vec![curve], leaves_left: false, arrives_right: true }
                }
                Way::Through(items, rightwards) => {
                    let mut stops: Vec<Point> = Vec::new();
                    for at in items {
                        let ((left, right), y) = (span(*at), self.item(*at).y);
                        stops.extend([Point { x: left, y }, Point { x: right, y }]);
                    }
                    if !rightwards {
                        stops.reverse();
                    }
                    let (first, last) = if *rightwards {
                        (Point { x: from_right, y: start }, Point { x: to_left, y: end })
                    } else {
                        (Point { x: from_left, y: start }, Point { x: to_right, y: end })
                    };
                    stops.push(last);
                    let mut at = first;
                    let curves = stops.into_iter().map(|next| {
                        let half = i32::midpoint(at.x, next.x);
                        let curve =
                            [Point { x: half, y: at.y }, Point { x: half, y: next.y }, next];
                        at = next;
                        curve
                    });
                    let curves = curves.collect();
                    Route {
                        start: first,
                        curves,
                        leaves_left: !rightwards,
                        arrives_right: !rightwards,
                    }
                }
            }
        };
        let routes: Vec<Route> = links.iter().zip(&self.ways).map(route).collect();
        let frames = (0..groups).map(|group| {
            let own =
                || boxes.iter().zip(blocks).filter(|(_, it)| it.group == group).map(|(it, _)| it);
            let (Some(left), Some(top)) = (own().map(|it| it.x).min(), own().map(|it| it.y).min())
            else {
                return Rect::default();
            };
            let right = own().map(|it| it.x + it.width).max().unwrap_or(left);
            let bottom = own().map(|it| it.y + it.height).max().unwrap_or(top);
            Rect {
                x: left - GROUP_PADDING,
                y: top - GROUP_PADDING - GROUP_TITLE,
                width: right - left + 2 * GROUP_PADDING,
                height: bottom - top + 2 * GROUP_PADDING + GROUP_TITLE,
            }
        });
        let groups: Vec<Rect> = frames.collect();
        let curves = || routes.iter().flat_map(|route| &route.curves).flatten();
        let right = boxes.iter().chain(&groups).map(|it| it.x + it.width);
        let bottom = boxes.iter().chain(&groups).map(|it| it.y + it.height);
        let width = right.chain(curves().map(|it| it.x)).max().unwrap_or_default() + MARGIN;
        let height = bottom.chain(curves().map(|it| it.y)).max().unwrap_or_default() + MARGIN;
        Layout { blocks: boxes, routes, groups, width, height }
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, Link, Rect, place};

    fn overlap(one: &Rect, other: &Rect) -> bool {
        one.x < other.x + other.width
            && other.x < one.x + one.width
            && one.y < other.y + other.height
            && other.y < one.y + one.height
    }

    #[test]
    fn boxes_do_not_overlap_and_links_meet_them() {
        let sizes = [(100, 40), (107, 84), (180, 62), (121, 170), (93, 40), (240, 300), (140, 128)];
        let block = |at: usize| {
            let (width, height) = sizes[at % sizes.len()];
            Block { group: at % 3, width, height }
        };
        let blocks: Vec<Block> = (0..60).map(block).collect();
        let links: Vec<Link> = (1..60)
            .flat_map(|at| [(at, at / 3), (at, (at * 7) % 60), (at, at)])
            .map(|(from, to)| Link { from, from_port: 30, to, to_port: 20 })
            .collect();
        let layout = place(&blocks, &links);
        for (at, one) in layout.blocks.iter().enumerate() {
            for other in layout.blocks.iter().skip(at + 1) {
                assert!(!overlap(one, other), "{one:?} {other:?}");
            }
        }
        for (link, route) in links.iter().zip(&layout.routes) {
            let (from, to) = (layout.blocks[link.from], layout.blocks[link.to]);
            assert_eq!(route.start.y, from.y + 30);
            assert!([from.x, from.x + from.width].contains(&route.start.x));
            let end = route.curves.last().unwrap()[2];
            assert_eq!(end.y, to.y + 20);
            assert!([to.x, to.x + to.width].contains(&end.x));
        }
    }

    #[test]
    fn what_is_referred_to_stands_left() {
        let block = Block { group: 0, width: 100, height: 50 };
        let link = Link { from: 0, from_port: 30, to: 1, to_port: 30 };
        let layout = place(&[block, block], &[link]);
        assert!(layout.blocks[1].x < layout.blocks[0].x);
        assert!(layout.routes[0].leaves_left && layout.routes[0].arrives_right);
        assert!(place(&[], &[]).blocks.is_empty());
    }
}
