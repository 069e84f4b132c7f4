import ArgumentParser
import Descent

/// The size of the validation set: a share of the training examples such as 0.1, or a count such as 1000.
enum HeldBack: ExpressibleByArgument, Equatable {
    case share(Double)
    case count(Int)

    /// Parses the share or count in `argument`: values below 1 are shares, integers from 1 counts.
    init?(argument: String) {
        if let count = Int(argument), count >= 1 {
            self = .count(count)
        } else if let share = Double(argument), share >= 0, share < 1 {
            self = .share(share)
        } else {
            return nil
        }
    }

    /// Whether the validation set is empty.
    var isNone: Bool { self == .share(0) }

    /// Returns the number of examples held back of `total`; at least one, unless the set is empty.
    func count(of total: Int) -> Int {
        switch self {
        case .share(let share): share > 0 ? max(1, Int((share * Double(total)).rounded())) : 0
        case .count(let count): count
        }
    }

    /// The same for the library.
    var heldOut: HeldOut? {
        switch self {
        case .share(0): nil
        case .share(let share): .share(share)
        case .count(let count): .count(count)
        }
    }
}
