import ArgumentParser
import Descent

/// How many of the training examples are held back: a share such as 0.1, or a count such as 1000.
enum HeldBack: ExpressibleByArgument, Equatable {
    case share(Double)
    case count(Int)

    /// The share or count that `argument` says: numbers below 1 are shares, whole numbers from 1 counts.
    init?(argument: String) {
        if let count = Int(argument), count >= 1 {
            self = .count(count)
        } else if let share = Double(argument), share >= 0, share < 1 {
            self = .share(share)
        } else {
            return nil
        }
    }

    /// Whether nothing is held back.
    var isNone: Bool { self == .share(0) }

    /// How many of `total` examples that are; at least one, unless it is none.
    func count(of total: Int) -> Int {
        switch self {
        case .share(let share): share > 0 ? max(1, Int((share * Double(total)).rounded())) : 0
        case .count(let count): count
        }
    }
}
