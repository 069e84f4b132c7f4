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

/// Gives `read` mutations of `seeds`; anything but success or a DescentError is reported, with the seed, and so is an input that takes
/// the thread more than five seconds.
///
/// `words`: what has a meaning in the format; half of the inputs get some of them besides. DESCENT_FUZZ_FROM=N leaves out the rounds
/// before N; DESCENT_FUZZ_JOURNAL=FILE keeps each input in FILE.SEED while it is read, so that one that ends the program can be had.
///
/// - Returns: how many were read without an error, and how many were refused.
package func fuzz(
    _ seeds: [[UInt8]], seed: UInt64, words: [String] = [], _ read: ([UInt8]) throws -> Void
) -> (accepted: Int, refused: Int, other: String?) {
    var random = SplitMix64(state: seed)
    var (accepted, refused) = (0, 0)
    let environment = ProcessInfo.processInfo.environment
    let first = environment["DESCENT_FUZZ_FROM"].flatMap { Int($0) } ?? 0
    let journal = environment["DESCENT_FUZZ_JOURNAL"].map { open("\($0).\(seed)", O_WRONLY | O_CREAT, 0o644) }
    defer { if let journal { close(journal) } }
    for round in 0..<mutationCount {
        var input = mutated(seeds[round % seeds.count], &random)
        if let word = words.randomElement(using: &random), Bool.random(using: &random) {
            var word = word
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0...input.count, using: &random)
                input.insert(contentsOf: word.utf8, at: place)
                word = words.randomElement(using: &random) ?? word
            }
        }
        guard round >= first else { continue }
        // An input that ends the program is the one in the file.
        if let journal { ftruncate(journal, off_t(pwrite(journal, input, input.count, 0))) }
        let start = threadSeconds()
        do {
            try read(input)
            accepted += 1
        } catch is DescentError {
            refused += 1
        } catch {
            return (accepted, refused, "seed \(seed), round \(round): \(error) for \(input)")
        }
        let seconds = threadSeconds() - start
        if seconds > 5 {
            return (accepted, refused, "seed \(seed), round \(round): \(seconds) s for \(input)")
        }
    }
    return (accepted, refused, nil)
}

/// The processor time of this thread: it stands still while others have the processor.
private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
