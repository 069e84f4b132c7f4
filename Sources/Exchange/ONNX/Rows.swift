/// Rows of numbers in the graph, as a stage hands them to the next: [N, D].
struct Rows {
    /// The value's name.
    var name: String
    /// The number of features of each, D.
    var width: Int
    /// Whether they are bytes 0...255 that a classifier scales itself; else floats. Their type in the graph is uint8 or float.
    var areBytes: Bool
}

/// What a model's last stage gives.
struct Outputs {
    /// The index of each example's class: [N].
    var classes: String
    /// The scores as floats: [N, K].
    var scores: String
    /// The decisions of pairs of classes as floats: [N, K (K - 1) / 2]; nil for all but support vector machines.
    var decisions: String?
}
