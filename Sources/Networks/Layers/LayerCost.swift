/// The parameters and operations of a layer for one example, known before memory is taken for it.
///
/// Sums and products are kept far from overflow (`product(_:)`, `+`): settings may come from a file.
public struct LayerCost: Hashable, Sendable {
    /// The number of trainable values.
    public var parameters: Int
    /// The number of stored values: trainable ones, and buffers such as running means.
    public var storedValues: Int
    /// Floating-point operations of matrix products and convolutions: two for each multiplication with its addition.
    public var operations: Int
    /// Other operations: one for each element of a pooled window, and of an example to which a function is applied.
    package var elementOperations: Int

    /// Creates a cost from its parts. `storedValues`: as many as parameters unless given.
    public init(
        parameters: Int = 0, storedValues: Int? = nil, operations: Int = 0, elementOperations: Int = 0
    ) {
        self.parameters = parameters
        self.storedValues = storedValues ?? parameters
        self.operations = operations
        self.elementOperations = elementOperations
    }

    /// All operations.
    package var allOperations: Int { Self.sum(operations, elementOperations) }

    /// Returns the cost of both, one after the other.
    package static func + (one: LayerCost, other: LayerCost) -> LayerCost {
        LayerCost(
            parameters: sum(one.parameters, other.parameters),
            storedValues: sum(one.storedValues, other.storedValues),
            operations: sum(one.operations, other.operations),
            elementOperations: sum(one.elementOperations, other.elementOperations))
    }

    /// Adds a further cost.
    package static func += (cost: inout LayerCost, other: LayerCost) { cost = cost + other }

    /// Returns the product of sizes, at most an eighth of the largest integer.
    public static func product(_ sizes: [Int]) -> Int {
        sizes.reduce(1) { total, size in
            let (product, overflow) = total.multipliedReportingOverflow(by: size)
            return overflow ? most : min(most, product)
        }
    }

    private static let most = Int.max / 8

    private static func sum(_ one: Int, _ other: Int) -> Int {
        func bounded(_ count: Int) -> Int { max(0, min(most, count)) }
        return min(most, bounded(one) + bounded(other))
    }
}
