import Support
import Synchronization

/// Memory that several parts write to, each to its own places.
struct SharedBuffer: @unchecked Sendable {
    private let memory: UnsafeMutableBufferPointer<UInt8>

    /// `memory` must stay valid as long as this is used.
    init(_ memory: UnsafeMutableBufferPointer<UInt8>) { self.memory = memory }

    /// Writes `values` from the place `start` on.
    func write(_ values: [UInt8], at start: Int) {
        require(start >= 0 && start + values.count <= memory.count, "a write outside of the buffer")
        for (index, value) in values.enumerated() { memory[start + index] = value }
    }
}

/// The first error that one of several parts met.
final class FirstFailure: Sendable {
    private let first = Mutex<DescentError?>(nil)

    var error: DescentError? {
        get { first.withLock { $0 } }
        set { first.withLock { $0 = $0 ?? newValue } }
    }
}
