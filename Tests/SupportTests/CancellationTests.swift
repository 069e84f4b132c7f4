import Support
import TestSupport
import Testing

@Suite struct CancellationTests {
    @Test func workThatWasAskedToStopEnds() throws {
        let cancellation = Cancellation()
        #expect(!cancellation.isCancelled)
        try Cancellation.check(cancellation)
        try Cancellation.check(nil, at: "fit")
        cancellation.cancel()
        #expect(cancellation.isCancelled)
        #expect(failure { try Cancellation.check(cancellation) } == "interrupted: stopped")
        #expect(failure { try Cancellation.check(cancellation, at: "fit") } == "interrupted: fit: stopped")
        // Any number of times.
        cancellation.cancel()
        #expect(cancellation.isCancelled)
    }

    @Test func theWishIsSeenFromOtherThreads() async {
        let cancellation = Cancellation()
        let seen = Task.detached {
            while !cancellation.isCancelled { await Task.yield() }
            return true
        }
        cancellation.cancel()
        #expect(await seen.value)
    }

    @Test func durationsInSeconds() {
        #expect(Duration.zero.inSeconds == 0 && Duration.seconds(90).inSeconds == 90)
        #expect(Duration.milliseconds(-1500).inSeconds == -1.5)
        expectClose([Duration.nanoseconds(1).inSeconds], [1e-9], relative: 1e-15)
        // More than a float's 24 bits: an hour and a microsecond.
        expectClose(
            [(Duration.seconds(3600) + .microseconds(1)).inSeconds], [3600.000001], relative: 1e-15)
    }

    /// CRC-32 of texts, from Python 3.11's zlib.crc32.
    @Test func checksumsAreZlibs() {
        func checksum(_ parts: [String]) -> Checksum {
            var checksum = Checksum()
            for part in parts { Array(part.utf8).withUnsafeBytes { checksum.add($0) } }
            return checksum
        }
        #expect(checksum([]).text == "00000000" && checksum([""]).value == 0)
        #expect(checksum(["123456789"]).text == "cbf43926")
        #expect(checksum(["1234", "", "56789"]).value == 0xCBF4_3926)
        // Two texts are not one: a zero stands behind each.
        var (one, two, written) = (Checksum(), Checksum(), checksum(["ab\0", "c\0"]))
        one.add("abc")
        two.add("ab")
        two.add("c")
        #expect(one.value != two.value && two.value == written.value)
        written.add("")
        #expect(written.value == checksum(["ab\0c\0\0"]).value)
    }
}
