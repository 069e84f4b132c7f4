import Arrays
import ExampleData
import Support

/// A learning method for numbers, with its settings; `fit` makes a ``Regressor`` from examples whose targets are numbers.
///
/// ```swift
/// let houses = try LabeledExamples(validating: .floats(table), .values(prices))
/// let regressor = try RidgeRegression(alpha: 1).fit(houses)
/// print(try regressor.errors(on: others).rSquared)
/// ```
///
/// A learner of one's own, registered in a `RegressorRegistry`, is found by its kind.
public protocol RegressionLearner: Sendable {
    /// The regressor that is made.
    associatedtype Trained: StorableRegressor

    /// The method in a few words, for lists: `ridge regression`; the kind by default.
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

    /// Returns the learner and its result, in words: `5 nearest neighbours, l2`; the title by default.
    func summary(of regressor: Trained) -> String

    /// Learns.
    ///
    /// `progress`: called now and then, on the caller's thread.
    ///
    /// - Throws: `usage` or `badData` before work starts when settings and examples do not fit together (targets that are
    ///   classes, no examples, a feature or a target that is not finite: row and column named); `interrupted` soon after
    ///   `cancellation`.
    func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> Trained
}

extension RegressionLearner {
    /// The kind of the regressors that it makes.
    public static var kind: String { Trained.kind }

    /// The kind.
    public static var title: String { kind }

    /// None.
    public static var settingNames: [String] { [] }

    /// None.
    public var settings: [LearnerSetting]? { [] }

    /// Returns the title.
    public func summary(of regressor: Trained) -> String { Self.title }

    /// Learns, to the end and in silence.
    public func fit(_ examples: LabeledExamples) throws -> Trained {
        try fit(examples, cancellation: nil, progress: nil)
    }

    /// Returns the regressor and its description.
    ///
    /// - Throws: as `fit`.
    package func described(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> (regressor: any StorableRegressor, summary: String) {
        let regressor = try fit(examples, cancellation: cancellation, progress: progress)
        return (regressor, summary(of: regressor))
    }
}
