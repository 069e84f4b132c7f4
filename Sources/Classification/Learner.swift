import Arrays
import ExampleData
import Support

/// A learning method with its settings; `fit` makes a ``Classifier`` from examples.
///
/// ```swift
/// let classifier = try NearestNeighbors(k: 3).fit(examples)
/// ```
///
/// A learner of one's own goes into a `Pipeline` as it is. Registered, it is found by its kind, and the classifiers that it
/// has made are read from model folders:
///
/// ```swift
/// var components = PipelineComponents.standard
/// components.classifiers.register(NearestMedian.self)
/// let model = try ModelFolder.load("runs/latest", components: components).classifier
/// ```
public protocol Learner: Sendable {
    /// The classifier that is made.
    associatedtype Trained: StorableClassifier

    /// The method in a few words, for lists: `k nearest neighbours`; the kind by default.
    static var title: String { get }

    /// The names of the settings that `init(from:)` reads; none by default.
    static var settingNames: [String] { get }

    /// Creates the learner with the settings of a text.
    ///
    /// - Throws: `usage` for an impossible setting, whose name is the error's place or is quoted in it.
    init(from settings: inout SettingText) throws

    /// The settings by which `init(from:)` makes this learner again, the decisive ones always among them; nil when text
    /// cannot say them, empty by default.
    var settings: [LearnerSetting]? { get }

    /// Returns the learner and its result, in words: `3 nearest neighbours, l2`; the title by default.
    func summary(of classifier: Trained) -> String

    /// Learns.
    ///
    /// `progress`: called now and then, on the caller's thread.
    ///
    /// - Throws: `usage` or `badData` before work starts when settings and examples do not fit together (one class
    ///   only, a class without examples, a class number without a name, a feature that is not finite: row and column
    ///   named); `interrupted` soon after `cancellation`.
    func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> Trained
}

extension Learner {
    /// The kind of the classifiers that it makes.
    public static var kind: String { Trained.kind }

    /// The kind.
    public static var title: String { kind }

    /// None.
    public static var settingNames: [String] { [] }

    /// None.
    public var settings: [LearnerSetting]? { [] }

    /// Returns the title.
    public func summary(of classifier: Trained) -> String { Self.title }

    /// Learns, to the end and in silence.
    public func fit(_ examples: LabeledExamples) throws -> Trained {
        try fit(examples, cancellation: nil, progress: nil)
    }

    /// Returns the classifier and its description.
    ///
    /// - Throws: as `fit`.
    package func described(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> (classifier: any StorableClassifier, summary: String) {
        let classifier = try fit(examples, cancellation: cancellation, progress: progress)
        return (classifier, summary(of: classifier))
    }
}
