import Arrays
import Classification
import ExampleData

/// A classifier that decides by w x + b. All kinds have their weights in one layout, scikit-learn's.
///
/// K classes have K rows of weights, and the class with the largest w x + b wins, the first of equals. Two classes have one
/// row, that of the second class, which is the positive one: w x + b above 0 speaks for it, else the first class wins. How the
/// weights are stored in a file is the kind's own affair.
public protocol LinearClassifier: StorableClassifier {
    /// w of each class, [K, D]; of two classes [1, D], the second's.
    var weights: NDArray<Double> { get }

    /// b of each row of weights: K; 1 for two classes.
    var intercepts: [Double] { get }

    /// The factor on bytes; floating-point features are taken as they are.
    var byteScale: Float { get }

    /// w x + b: [N, K]; of two classes [N, 1], positive for the second.
    ///
    /// - Throws: `badData` when the examples have another number of features, or one that is not finite.
    /// - Complexity: O(N D K).
    func decisionValues(of examples: FeatureMatrix) throws -> NDArray<Double>
}
