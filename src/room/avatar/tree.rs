//! Nodes: each with one parent at most, none below itself, parents before children, and every place a finite one.

use bevy::prelude::{Mat3, Mat4, Quat, Vec3};
use gltf::json::Root;
use gltf::json::scene::Node as JsonNode;

use super::{AvatarError, MOST_DEPTH, Node, one_line};

/// How long a name may be.
const NAME: usize = 64;

/// The nodes of a file in our order, and what else is known of each.
pub(super) struct Tree {
    /// In our order.
    pub(super) nodes: Vec<Node>,
    /// Where each stands in the figure, at rest.
    pub(super) worlds: Vec<Mat4>,
    /// Which node of the file each is.
    pub(super) sources: Vec<usize>,
    /// Whether each belongs to the scene that is shown.
    pub(super) shown: Vec<bool>,
    /// Where each node of the file is in our order.
    at: Vec<usize>,
}

impl Tree {
    /// The nodes of a file.
    ///
    /// # Errors
    /// Where they are no tree, or one has no place.
    pub(super) fn new(root: &Root) -> Result<Self, AvatarError> {
        let parents = parents(root)?;
        let sources = order(root, &parents)?;
        let mut at = vec![0; sources.len()];
        for (ours, source) in sources.iter().enumerate() {
            if let Some(slot) = at.get_mut(*source) {
                *slot = ours;
            }
        }
        let mut tree = Self { nodes: Vec::new(), worlds: Vec::new(), shown: Vec::new(), sources, at };
        let roots = shown(root);
        for (ours, source) in tree.sources.iter().copied().enumerate() {
            let Some(node) = root.nodes.get(source) else { continue };
            let parent =
                parents.get(source).copied().flatten().and_then(|parent| tree.at.get(parent)).copied();
            let place =
                place(node).ok_or_else(|| AvatarError::Number(format!("the place of node {source}")))?;
            let local = Mat4::from_scale_rotation_translation(place.2, place.1, place.0);
            let above = parent.and_then(|parent| tree.worlds.get(parent)).copied();
            let world = above.unwrap_or(Mat4::IDENTITY) * local;
            if !world.is_finite() {
                return Err(AvatarError::Number(format!("the place of node {source}")));
            }
            let above = parent.and_then(|parent| tree.shown.get(parent)).copied().unwrap_or(false);
            tree.worlds.push(world);
            tree.shown.push(above || roots.as_ref().is_none_or(|roots| roots.binary_search(&source).is_ok()));
            let name = node.name.as_deref().map(|name| one_line(name, NAME)).unwrap_or_default();
            tree.nodes.push(Node { name, parent, place, children: Vec::new() });
            if let Some(parent) = parent.and_then(|parent| tree.nodes.get_mut(parent)) {
                parent.children.push(ours);
            }
        }
        Ok(tree)
    }

    /// Where a node of the file is in our order; none where there is no such node.
    pub(super) fn ours(&self, source: usize) -> Option<usize> {
        self.at.get(source).copied()
    }
}

/// The roots of the scene that is shown, in rising order; none where there is no scene, and everything is shown.
fn shown(root: &Root) -> Option<Vec<usize>> {
    let scene = root.scenes.get(root.scene.map_or(0, |scene| scene.value())).or(root.scenes.first())?;
    let mut roots: Vec<usize> = scene.nodes.iter().map(|node| node.value()).collect();
    roots.sort_unstable();
    Some(roots)
}

fn parents(root: &Root) -> Result<Vec<Option<usize>>, AvatarError> {
    let mut parents = vec![None; root.nodes.len()];
    for (source, node) in root.nodes.iter().enumerate() {
        for child in node.children.iter().flatten().map(|child| child.value()) {
            match parents.get_mut(child) {
                None => return Err(AvatarError::Missing { what: "node", index: child }),
                Some(Some(_)) => return Err(AvatarError::TwoParents(child)),
                Some(free) => *free = Some(source),
            }
        }
    }
    Ok(parents)
}

/// All nodes, each after its parent.
fn order(root: &Root, parents: &[Option<usize>]) -> Result<Vec<usize>, AvatarError> {
    let roots = parents.iter().enumerate().filter(|(_, parent)| parent.is_none());
    let mut stack: Vec<(usize, usize)> = roots.map(|(source, _)| (source, 0)).collect();
    stack.reverse();
    let mut order = Vec::with_capacity(parents.len());
    while let Some((source, depth)) = stack.pop() {
        if depth > MOST_DEPTH {
            return Err(AvatarError::TooDeep);
        }
        order.push(source);
        let children = root.nodes.get(source).and_then(|node| node.children.as_ref());
        stack.extend(children.into_iter().flatten().rev().map(|child| (child.value(), depth + 1)));
    }
    // Each has one parent at most, so that what was not reached from a root goes round in a circle.
    if order.len() == parents.len() { Ok(order) } else { Err(AvatarError::Cycle) }
}

/// Where a node is in its parent; none where a number of it is not finite.
fn place(node: &JsonNode) -> Option<(Vec3, Quat, Vec3)> {
    if let Some(matrix) = &node.matrix {
        let matrix = Mat4::from_cols_array(matrix);
        return matrix.is_finite().then(|| taken_apart(matrix)).filter(is_finite);
    }
    let turn = node.rotation.map_or(Quat::IDENTITY, |turn| Quat::from_array(turn.0));
    let place = (
        node.translation.map_or(Vec3::ZERO, Vec3::from_array),
        turn.is_finite().then(|| of_length_1(turn))?,
        node.scale.map_or(Vec3::ONE, Vec3::from_array),
    );
    is_finite(&place).then_some(place)
}

fn is_finite((at, turn, scale): &(Vec3, Quat, Vec3)) -> bool {
    at.is_finite() && turn.is_finite() && scale.is_finite()
}

/// Without the shear, which no node of ours has.
fn taken_apart(matrix: Mat4) -> (Vec3, Quat, Vec3) {
    let columns = Mat3::from_mat4(matrix);
    let axes = [columns.x_axis, columns.y_axis, columns.z_axis];
    let [x, y, z] = axes.map(Vec3::length);
    let mirrored = if columns.determinant() < 0.0 { -1.0 } else { 1.0 };
    let scale = Vec3::new(x * mirrored, y, z);
    let at = matrix.w_axis.truncate();
    // What is pressed flat has no turn of its own.
    if !scale.is_finite() || scale.abs().min_element() < 1e-9 {
        return (at, Quat::IDENTITY, scale);
    }
    let turn = Mat3::from_cols(columns.x_axis / scale.x, columns.y_axis / y, columns.z_axis / z);
    (at, of_length_1(Quat::from_mat3(&turn)), scale)
}

/// Exporters round; and a turn of length 0 is none.
fn of_length_1(turn: Quat) -> Quat {
    let length = turn.length_squared();
    if length.is_normal() && length > 1e-12 && length < 1e12 { turn.normalize() } else { Quat::IDENTITY }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(nodes: &str) -> Result<Tree, AvatarError> {
        let json = format!(r#"{{"asset":{{"version":"2.0"}},"nodes":{nodes}}}"#);
        Tree::new(&serde_json::from_str(&json).expect("a description"))
    }

    #[test]
    fn parents_come_before_their_children() {
        let tree = tree(r#"[{"name":"hand"},{"name":"arm","children":[0]},{"name":"root","children":[1]}]"#)
            .expect("a tree");
        let names: Vec<&str> = tree.nodes.iter().map(|node| node.name.as_str()).collect();
        assert_eq!(names, ["root", "arm", "hand"]);
        assert_eq!(tree.nodes.iter().map(|node| node.parent).collect::<Vec<_>>(), [None, Some(0), Some(1)]);
        assert_eq!((tree.ours(0), tree.nodes[1].children.as_slice()), (Some(2), [2].as_slice()));
    }

    #[test]
    fn a_circle_a_second_parent_and_a_well_are_refused() {
        assert!(matches!(tree(r#"[{"children":[1]},{"children":[0]}]"#), Err(AvatarError::Cycle)));
        assert!(matches!(tree(r#"[{"children":[0]}]"#), Err(AvatarError::Cycle)));
        assert!(matches!(tree(r#"[{"children":[1,1]},{}]"#), Err(AvatarError::TwoParents(1))));
        let well: Vec<String> = (1..=400).map(|below| format!(r#"{{"children":[{below}]}}"#)).collect();
        assert!(matches!(tree(&format!("[{},{{}}]", well.join(","))), Err(AvatarError::TooDeep)));
    }

    #[test]
    fn a_matrix_is_taken_apart_and_put_together_again() {
        let turn = Quat::from_rotation_y(0.7) * Quat::from_rotation_x(0.2);
        for scale in [Vec3::new(1.0, 2.0, 0.5), Vec3::new(-1.0, 2.0, 0.5)] {
            let matrix = Mat4::from_scale_rotation_translation(scale, turn, Vec3::new(1.0, 2.0, 3.0));
            let (at, turn, scale) = taken_apart(matrix);
            let again = Mat4::from_scale_rotation_translation(scale, turn, at);
            assert!(again.abs_diff_eq(matrix, 1e-5), "{again} is not {matrix}");
        }
        let (_, turn, scale) = taken_apart(Mat4::from_scale(Vec3::new(1.0, 0.0, 1.0)));
        assert_eq!((turn, scale.y), (Quat::IDENTITY, 0.0));
    }
}
