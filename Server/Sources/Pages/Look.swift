/// What one model makes of one picture, as the drawing page is told.
///
/// Arrays are texts in base 64, a byte a number: those of both signs have 128 for zero.
struct Look: Encodable, Sendable {
    /// A class with its figure: a probability, or the share that it has of what it could have.
    struct Share: Encodable, Sendable {
        var label: String
        var share: Float
    }

    /// A picture, its channels one after another.
    struct Picture: Encodable, Sendable {
        var height: Int, width: Int, channels: Int
        var bytes: String
    }

    /// A hidden layer's activity: as many maps as `count`, of one number each for a dense layer.
    struct Layer: Encodable, Sendable {
        /// `dense` or `maps`.
        var kind: String
        /// The number of units or maps, of which the first are told.
        var count: Int
        var maps: Picture
    }

    /// A unit of the first layer with what it looks for.
    struct Unit: Encodable, Sendable {
        var index: Int
        var activity: Float
        var weights: Picture
    }

    /// A training example that is near.
    struct Neighbor: Encodable, Sendable {
        var label: String
        var distance: Double
        var picture: Picture?
    }

    /// The strength of each direction in each cell.
    struct Cells: Encodable, Sendable {
        var rows: Int, columns: Int, directions: Int
        var isSigned: Bool
        var bytes: String
    }

    /// Whether there is anything on the picture; no answer without.
    var hasInk = true
    /// `network`, or the method's name.
    var kind: String
    var label: String?
    /// How sure the answer is, 0...1; nil where the model does not say.
    var share: Float?
    /// What the shares are: `probabilities`, `votes`, `neighbors` or `scores`.
    var measure = "probabilities"
    /// Whether nothing that was learned is near.
    var isUnknown = false
    var top: [Share] = []
    var seen: Picture
    var layers: [Layer] = []
    var units: [Unit] = []
    var neighbors: [Neighbor] = []
    var cells: Cells?

    init(kind: String, seen: Picture) { (self.kind, self.seen) = (kind, seen) }
}
