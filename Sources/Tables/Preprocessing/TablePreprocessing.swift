import Support

/// What makes numbers of a table's rows: fitted to the rows that are learned from, stored with the model, and applied to every
/// table after by the names of the columns.
///
/// ```swift
/// let preprocessing = try TablePreprocessing(fittedTo: train, scaling: .standard)
/// let prepared = try preprocessing.applied(to: test)      // features [N, D], what was filled in
/// ```
///
/// A number x becomes (x - offset) / divisor: by the mean and the standard deviation (of N, not N - 1), by the smallest and the range,
/// or as it is. A column of text becomes a feature for each text of the training rows, and one for all others, one of which is 1. A
/// missing number is the training rows' mean, a missing text their commonest, unless missing values are refused.
public struct TablePreprocessing: Sendable, Codable, Equatable {
    /// How numbers are scaled.
    public enum Scaling: String, Sendable, Codable, CaseIterable {
        /// To mean 0 and standard deviation 1.
        case standard
        /// To 0 ... 1.
        case minmax
        /// Not at all.
        case none
    }

    /// What becomes of missing values.
    public enum MissingValues: String, Sendable, Codable, CaseIterable {
        /// They are the mean, or the commonest text.
        case fill
        /// They are an error.
        case refuse
    }

    /// A column of numbers.
    package struct NumberColumn: Sendable, Codable, Equatable {
        /// Its name.
        package let name: String
        /// What stands for a missing value: the mean.
        package let fill: Double
        /// What is subtracted.
        package let offset: Double
        /// What is divided by.
        package let divisor: Double
    }

    /// A column of texts.
    package struct CategoryColumn: Sendable, Codable, Equatable {
        /// Its name.
        package let name: String
        /// What stands for a missing value: the commonest text, the first by their order of several.
        package let fill: String
        /// The texts that are known, in the order of their features; the feature after them stands for all others.
        package let categories: [String]
    }

    /// A column that is made features of.
    package enum Column: Sendable, Codable, Equatable {
        /// One feature.
        case number(NumberColumn)
        /// A feature for each text, and one for all others.
        case category(CategoryColumn)

        /// Its name.
        package var name: String {
            switch self {
            case .number(let column): column.name
            case .category(let column): column.name
            }
        }

        /// The number of its features.
        package var featureCount: Int {
            switch self {
            case .number: 1
            case .category(let column): column.categories.count + 1
            }
        }
    }

    /// A column that no feature is made of, and why.
    package struct LeftOut: Sendable, Codable, Equatable {
        /// Its name.
        package let name: String
        /// The reason in words.
        package let reason: String
    }

    /// The columns that features are made of, in the order of the features.
    package let columns: [Column]
    /// The columns of the training table that are no features.
    package let leftOut: [LeftOut]
    /// The label's column.
    package let labelName: String?
    /// What is learned.
    public let task: TableTask?
    /// The names of the classes.
    public let classNames: [String]
    /// How numbers are scaled.
    package let scaling: Scaling
    /// What becomes of missing values.
    package let missing: MissingValues

    /// The number of features, D.
    public var featureCount: Int { columns.reduce(0) { $0 + $1.featureCount } }

    /// The names of the features: a column's, `color=red` for a text, `color=(other)` for all others.
    public var featureNames: [String] {
        columns.flatMap { column in
            switch column {
            case .number(let number): [number.name]
            case .category(let category):
                category.categories.map { "\(category.name)=\($0)" } + ["\(category.name)=(other)"]
            }
        }
    }

    /// The columns of text, which are read as such whatever a new file's values look like.
    package var textColumns: Set<String> {
        Set(columns.compactMap { if case .category(let column) = $0 { column.name } else { nil } })
    }
}
