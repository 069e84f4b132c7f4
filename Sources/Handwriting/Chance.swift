import Foundation

/// Random numbers that follow from a key alone: Steele, Lea and Flood's SplitMix64 (2014).
struct Chance {
    private var state: UInt64

    /// The numbers of an example in an epoch.
    init(seed: UInt64, epoch: UInt64, index: UInt64) {
        state = seed
        for part in [epoch, index] {
            state = next() ^ (part &* 0xD6E8_FEB8_6659_FD93)
        }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from a range, each as likely.
    mutating func uniform(_ range: ClosedRange<Float>) -> Float {
        range.lowerBound + (range.upperBound - range.lowerBound) * Float(next() >> 40) * 0x1p-24
    }

    /// A whole number from a range, each as likely.
    mutating func whole(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(truncatingIfNeeded: (next() >> 32) * UInt64(range.count) >> 32)
    }

    /// A number about 0 with this deviation: the sum of four even ones, which never lies further than 3.5 deviations.
    mutating func bell(_ deviation: Float) -> Float {
        let bits = next()
        var sum: Float = 0
        for part in 0..<4 { sum += Float((bits >> UInt64(16 * part)) & 0xFFFF) }
        return (sum * 0x1p-16 - 2) * 1.732 * deviation
    }

    /// True in this share of cases.
    mutating func happens(_ share: Float) -> Bool { uniform(0...1) < share }
}
