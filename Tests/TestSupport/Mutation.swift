import Foundation
import Support

/// SplitMix64 (Steele, Lea, Flood 2014): seeded, so that a failure can be had again.
package struct SplitMix64: RandomNumberGenerator {
    package var state: UInt64

    package init(state: UInt64) { self.state = state }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// `bytes` with one to four changes of the kinds that find mistakes in readers: a bit, a byte, an interesting
/// number, a piece cut out, repeated or put in, the end cut off.
package func mutated(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
        guard !result.isEmpty else { return [UInt8.random(in: 0...255, using: &random)] }
        let place = Int.random(in: 0..<result.count, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: result[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: result[place] = UInt8.random(in: 0...255, using: &random)
        case 2:
            let number: [UInt8] =
                [[0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0], [0x80], [0x7F], [0xFF]]
                .randomElement(using: &random) ?? []
            for (offset, byte) in number.enumerated() where place + offset < result.count {
                result[place + offset] = byte
            }
        case 3:
            let end = min(result.count, place + Int.random(in: 1...16, using: &random))
            result.removeSubrange(place..<end)
        case 4:
            let end = min(result.count, place + Int.random(in: 1...16, using: &random))
            result.insert(contentsOf: result[place..<end], at: place)
        case 5:
            // A digit becomes another: lengths in text headers.
            if let digit = result[place...].firstIndex(where: { (0x30...0x39).contains($0) }) {
                result[digit] = UInt8.random(in: 0x30...0x39, using: &random)
            }
        default: result.removeSubrange(place...)
        }
    }
    return result
}

/// The number of mutated inputs for each reader; DESCENT_FUZZ sets another.
package let mutationCount = ProcessInfo.processInfo.environment["DESCENT_FUZZ"].flatMap { Int($0) } ?? 3_000

/// Gives `read` mutations of `seeds`; anything but success or a DescentError is reported, with the seed.
///
/// - Returns: how many were read without an error, and how many were refused.
package func fuzz(
    _ seeds: [[UInt8]], seed: UInt64, _ read: ([UInt8]) throws -> Void
) -> (accepted: Int, refused: Int, other: String?) {
    var random = SplitMix64(state: seed)
    var (accepted, refused) = (0, 0)
    for round in 0..<mutationCount {
        let input = mutated(seeds[round % seeds.count], &random)
        do {
            try read(input)
            accepted += 1
        } catch is DescentError {
            refused += 1
        } catch {
            return (accepted, refused, "seed \(seed), round \(round): \(error) for \(input)")
        }
    }
    return (accepted, refused, nil)
}
