import Arrays
import Support

/// A row transform that has not seen any rows yet: its settings, and how it is learned from rows.
///
/// A transform of one's own is one such type with its `RowTransform`; registered in a `TransformRegistry` it is found by its
/// kind when a model is loaded:
///
/// ```swift
/// let pipeline = Pipeline(.pixels, NearestCentroid(), transforms: [StandardScaling.Settings()])
/// ```
public protocol RowTransformLearner: NamedBySettings {
    /// The transform that is learned.
    associatedtype Fitted: RowTransform

    /// The transform in words: `standard scaling`; the text of its settings by default.
    var summary: String { get }

    /// Learns from rows [N, D].
    ///
    /// - Throws: `usage` or `badData` when rows and settings do not fit together; `interrupted` soon after `cancellation`.
    func fit(_ rows: NDArray<Float>, cancellation: Cancellation?) throws -> Fitted
}

extension RowTransformLearner {
    /// The kind of the transform.
    public static var kind: String { Fitted.kind }

    /// The kind with its settings.
    public var summary: String { text }
}

/// The row transforms by their kinds: the learner of each, which knows the type that it makes.
public typealias TransformRegistry = ComponentRegistry<any RowTransformLearner.Type>

extension ComponentRegistry where Kind == any RowTransformLearner.Type {
    /// The transforms of this library.
    public static let standard: TransformRegistry = {
        var registry = TransformRegistry(of: "transform")
        let kinds: [any RowTransformLearner.Type] = [
            StandardScaling.Settings.self, MinMaxScaling.Settings.self, PrincipalComponents.Settings.self,
        ]
        for kind in kinds { registry.register(kind) }
        return registry
    }()

    /// Adds a transform under its kind; one that had the name is replaced.
    public mutating func register(_ transform: any RowTransformLearner.Type) {
        register(transform, named: transform.kind)
    }

    /// Returns the transform with the settings that `text` names: `standard`, `pca:50`.
    ///
    /// - Throws: `usage` for an unknown name, or an impossible setting.
    public func transform(parsing text: String) throws -> any RowTransformLearner {
        try component(parsing: text, usage: { $0.usage }) { kind, settings in try kind.init(from: &settings) }
    }
}
