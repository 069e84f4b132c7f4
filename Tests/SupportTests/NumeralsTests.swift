import Support
import Testing

@Suite struct NumeralsTests {
    @Test func ratesHaveTwoDigits() {
        for (value, text) in [
            (0.05, "0.05"), (0.0123456, "0.012"), (1.2345678e15, "1.2e+15"), (0.0999, "0.1"), (9.96, "10.0"),
            (-0.25, "-0.25"), (0, "0"), (.nan, "nan"),
        ] { #expect(Numerals.twoDigits(value) == text) }
    }

    @Test func numbersReadAsPeopleWriteThem() {
        #expect(Numerals.fixed(0.125, 2) == "0.13")
        #expect(Numerals.fixed(-0.001, 2) == "0.00")
        #expect(Numerals.fixed(12.5, 0) == "13")
        #expect(Numerals.fixed(.nan, 2) == "nan")
        #expect(Numerals.percent(0.9432) == "94.32 %")
        #expect(Numerals.grouped(1_234_567) == "1,234,567")
        #expect(Numerals.grouped(999) == "999")
        #expect(Numerals.loss(0.53104) == "0.5310")
        #expect(Numerals.loss(11_411_476_650.7) == "1.14e+10")
        #expect(Numerals.duration(0.418) == "0.42 s")
        #expect(Numerals.duration(12.34) == "12.3 s")
        #expect(Numerals.duration(185) == "3:05")
        #expect(Numerals.duration(3723) == "1:02:03")
        #expect(Numerals.duration(.nan) == "-")
        #expect(Numerals.counted(1, "epoch") == "1 epoch")
    }

    @Test(arguments: [
        (0, "0 B"), (812, "812 B"), (999, "999 B"), (1000, "1.0 kB"), (1700, "1.7 kB"), (9949, "9.9 kB"),
        (9950, "10 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (1_700_000, "1.7 MB"),
        (999_500_000, "1.0 GB"), (2_000_000_000_000, "2000 GB"),
    ])
    func bytesHaveTheirUnit(count: Int, text: String) { #expect(Numerals.bytes(count) == text) }

    /// Where one form ends and the next begins.
    @Test(
        arguments: [
            (0, "0.00 s"), (9.994, "9.99 s"), (9.995, "10.0 s"), (59.94, "59.9 s"), (59.95, "1:00"),
            (3599.4, "59:59"), (3599.5, "1:00:00"), (360_000, "100:00:00"), (.infinity, "-"),
        ] as [(Double, String)])
    func durationsMeet(seconds: Double, text: String) { #expect(Numerals.duration(seconds) == text) }

    @Test func signsAndBounds() {
        #expect(Numerals.fixed(-12.345, 1) == "-12.3" && Numerals.fixed(-.infinity, 1) == "-inf")
        #expect(Numerals.fixed(1e16, 2) == "1e+16" && Numerals.fixed(0.004, 2) == "0.00")
        #expect(Numerals.loss(999_999) == "999999.0000" && Numerals.loss(1e6) == "1.00e+6")
        #expect(Numerals.loss(9.999e9) == "1.00e+10" && Numerals.loss(.nan) == "nan")
        #expect(Numerals.grouped(-1234) == "-1,234" && Numerals.grouped(.min) == "-9,223,372,036,854,775,808")
        #expect(Numerals.counted(0, "epoch") == "0 epochs" && Numerals.counted(1600, "row") == "1,600 rows")
    }
}
