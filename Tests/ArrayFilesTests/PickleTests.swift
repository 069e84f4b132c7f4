import Arrays
import Foundation
import TestSupport
import Testing

@testable import ArrayFiles

struct PickleTests {
    private func read(_ bytes: [UInt8]) throws -> PickledValue {
        try PickledValue.read(ByteSource(bytes: bytes, name: "f"))
    }

    private func read(_ text: String) throws -> PickledValue { try read(Array(text.utf8)) }

    /// A value as Python would print it, to compare nested ones.
    private func text(_ value: PickledValue) -> String {
        switch value {
        case .none: "None"
        case .bool(let value): value ? "True" : "False"
        case .int(let value): "\(value)"
        case .float(let value): "\(value)"
        case .string(let value): "'\(value)'"
        case .bytes(let value): "b\(value)"
        case .list(let items): "[\(items.map(text).joined(separator: ", "))]"
        case .tuple(let items): "(\(items.map(text).joined(separator: ", ")))"
        case .dictionary(let members):
            "{\(members.map { "\(text($0.key)): \(text($0.value))" }.joined(separator: ", "))}"
        case .array(let array): "array(\(array.elementType), \(array.shape), \(array.doubles))"
        case .unreadable(let error): "unreadable(\(error.got ?? error.what))"
        }
    }

    @Test func readsArraysOfEveryProtocol() throws {
        for (index, pickle) in NumPyFixtures.pickles.enumerated() {
            expectWeights(try read(decode(pickle)).arrays(), "pickle \(index)")
        }
        expectWeights(try read(Gzip.pack(decode(NumPyFixtures.pickles[2]))).arrays())
    }

    @Test func readsPlainValuesOfEveryProtocol() throws {
        let expected =
            "[None, True, False, 0, 255, 65535, -1, 2147483648, -9223372036854775808, 9223372036854775807, 0.1, inf, "
            + "'', 'héllo €😀\\\n', b[], b[0, 255, 39, 34, 92], (), (1), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], "
            + "[1, [2]], {}, {'a': 1, 2: 'b'}, {'x': 1, 'y': 2}, array(float64, [], [0.5]), array(int32, [], [-3.0]), "
            + "array(bool, [], [1.0])]"
        for (index, pickle) in NumPyFixtures.plainPickles.enumerated() {
            #expect(text(try read(decode(pickle))) == expected, "protocol \(index)")
        }
    }

    /// What Python 2 wrote, by hand: STRING for the bytes, OrderedDict with a list of lists.
    @Test func readsPython2() throws {
        let array =
            "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(L2L\ntcnumpy\ndtype\n"
            + "(S'f4'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\nS'\\x00\\x00\\x80?\\x00\\x00\\x00@'\ntb."
        #expect(text(try read(array)) == "array(float32, [2], [1.0, 2.0])")
        #expect(
            text(try read("ccollections\nOrderedDict\n((lp0\n(lp1\nS'a'\naI1\naatR."))
                == "{b[97]: 1}")
        #expect(
            text(try read("(dp0\nS'it\\'s\\n\\t\\\\'\nL-5L\ns.")) == "{b[105, 116, 39, 115, 10, 9, 92]: -5}")
    }

    @Test func sharedAndCircularLists() throws {
        #expect(text(try read("(lp0\n(lp1\nag1\nag1\nI7\na0.")) == "[[7], [7]]")
        #expect(
            failure { _ = try read("(lp0\ng0\na.") }
                == "badData: f, byte 9: pickle: nested too deeply, or in a circle (expected 64 levels)")
        let deep = String(repeating: "(l", count: 100_000) + String(repeating: "a", count: 99_999) + "."
        #expect(failure { _ = try read(deep) }.contains("nested too deeply"))
        // Each list holds the one before twice: 2^60 leaves, if they were copied.
        let doubled = "]q\u{0}" + (1...60).map { _ in "2]q\u{1}(h\u{0}h\u{0}eq\u{0}" }.joined() + "."
        _ = try read(doubled)
    }

    // MARK: Refused

    static let refused: [(String, String)] = [
        (
            "cos\nsystem\n(S'ls'\ntR.",
            "byte 0: pickle: the pickle names os.system, which is not allowed "
                + "(expected NumPy arrays and plain containers); nothing of it was run"
        ),
        (
            "c__builtin__\neval\n.",
            "byte 0: pickle: the pickle names __builtin__.eval, which is not allowed "
                + "(expected NumPy arrays and plain containers); nothing of it was run"
        ),
        ("\u{8C}\u{6}numpy.\u{8C}\u{4}load\u{93}.", "pickle: the pickle names numpy..load"),
        (
            "(S'ls'\nios\nsystem\n.",
            "byte 7: pickle: an opcode that is not allowed "
                + "(expected arrays, dictionaries, lists and plain values, got INST)"
        ),
        (
            "Pid\n.",
            "byte 0: pickle: an opcode that is not allowed "
                + "(expected arrays, dictionaries, lists and plain values, got PERSID)"
        ),
        ("(cnumpy\nndarray\no.", "got OBJ)"),
        ("cnumpy\nndarray\n)\u{81}.", "got NEWOBJ)"),
        ("cnumpy\nndarray\n(tR.", "pickle: a call of numpy.ndarray, which is not allowed"),
        ("cnumpy\nndarray\n.", "pickle: numpy.ndarray where a value must be"),
        ("c_codecs\nencode\n(Va\nVrot13\ntR.", "pickle: _codecs.encode other than latin1"),
        ("cnumpy\ndtype\n(VO8\ntR.", "pickle: numpy.dtype where a value must be"),
        ("\u{80}\u{6}.", "byte 0: pickle: protocol 6 (expected 0 to 5)"),
    ]

    @Test(arguments: refused.indices) func refusedByName(_ index: Int) {
        let (pickle, expected) = Self.refused[index]
        // One byte per character: opcodes above 127 are not UTF-8.
        let bytes = pickle.unicodeScalars.map { UInt8($0.value) }
        let got = failure { _ = try read(bytes) }
        #expect(got.hasPrefix("badData: f, byte "))
        #expect(got.contains(expected), "\(got)")
    }

    static let brokenFiles: [(String, String)] = [
        ("", "byte 0: pickle: truncated (expected 1 bytes from byte 0, got 0)"),
        ("I1\n", "byte 3: pickle: truncated (expected 1 bytes from byte 3, got 0)"),
        (
            "X\u{FF}\u{FF}\u{FF}\u{7F}",
            "byte 5: pickle: truncated (expected 2147483647 bytes from byte 5, got 0)"
        ),
        (
            "\u{8E}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}",
            "byte 9: pickle: truncated (expected fewer bytes than it says, got 0)"
        ),
        (".", "byte 0: pickle: an empty stack"),
        ("a.", "byte 0: pickle: an empty stack"),
        ("(0t.", "byte 2: pickle: there is no MARK"),
        ("NNa.", "byte 2: pickle: APPEND without a list"),
        ("(dNs.", "byte 3: pickle: an empty stack"),
        ("h\u{7}.", "byte 0: pickle: nothing was put in place 7 of the memo"),
        ("I12x\n.", "byte 1: pickle: not an integer of 64 bits: 12x"),
        ("L99999999999999999999L\n.", "byte 1: pickle: not an integer of 64 bits: 99999999999999999999"),
        (
            "\u{8A}\u{9}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{80}\u{0}.",
            "byte 2: pickle: an integer of more than 64 bits"
        ),
        ("NNR.", "byte 2: pickle: REDUCE without a name and a tuple"),
        ("N)b.", "byte 2: pickle: BUILD of something other than an array"),
    ]

    @Test(arguments: brokenFiles.indices) func broken(_ index: Int) {
        let (pickle, expected) = Self.brokenFiles[index]
        let got = failure { _ = try read(pickle.unicodeScalars.map { UInt8($0.value) }) }
        #expect(got == "badData: f, " + expected)
    }

    @Test func arraysThatAreNotWhatTheySay() throws {
        func array(_ shape: String, _ data: String) -> String {
            "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n\(shape)cnumpy\ndtype\n"
                + "(S'f4'\nI0\nI1\ntRI00\n\(data)tb."
        }
        #expect(
            failure { _ = try read(array("(I3\nt", "S'12345678'\n")) }
                .hasSuffix("pickle: an array of another size than its shape [3] (expected 12 bytes, got 8)"))
        #expect(
            failure { _ = try read(array("(I4294967296\nI4294967296\nI0\nt", "S''\n")) }
                .hasSuffix("pickle: an impossible shape (got [4294967296, 4294967296, 0])"))
        #expect(
            failure { _ = try read(array("(I-1\nt", "S''\n")) }.contains("an impossible shape (got [-1])"))
        #expect(
            failure { _ = try read(array("(I1\nt", "(l")) }
                .hasSuffix("pickle: an array whose contents are not bytes"))
        // One long string, made into bytes again and again.
        let copies =
            "V" + String(repeating: "x", count: 1000) + "\np0\n0Vlatin1\np1\n0c_codecs\nencode\np2\n0"
            + String(repeating: "g2\n(g0\ng1\ntR", count: 500) + "."
        #expect(failure { _ = try read(copies) }.contains("the arrays are larger than the file"))
    }

    @Test func notADictionaryOfArrays() throws {
        #expect(
            failure { _ = try read("(lI1\na.").arrays() }
                == "badData: the pickle is not a dictionary of arrays (got a list)")
        #expect(
            failure { _ = try read("(dVa\nI1\ns.").array(named: "a") }
                == "badData: \"a\" is not an array (got an int)")
        #expect(try read("(dVa\nI1\ns.").arrays().isEmpty)
        #expect(
            failure { _ = try read("(dVa\nI1\ns.").array(named: "b") }
                == "badData: there is no array \"b\" (got a)")
        #expect(
            failure { _ = try read("(dI1\nI1\ns.").arrays() }
                == "badData: a key of the dictionary is not a string (got an int)")
    }

    @Test func noMutationGetsPastTheReader() throws {
        let seeds = try (NumPyFixtures.pickles + NumPyFixtures.plainPickles).map { try decode($0) }
        let result = fuzz(seeds, seed: 15) { _ = try read($0) }
        #expect(result.other == nil)
        #expect(result.accepted > 0 && result.refused > 0)
    }

    // MARK: The course's own files

    private static let pickles = SharedFiles.path("fixtures/pickles/")

    /// Skipped where `../shared/fixtures/pickles` is absent. Shapes: the course's networks; counts and
    /// sums of magnitudes are NumPy 2.4.6's, in float64.
    @Test(.needsShared("fixtures/pickles")) func trainedWeights() throws {
        let weights = try PickledValue(contentsOf: Self.pickles + "sample_weight.pkl").arrays()
        #expect(
            weights.mapValues(\.shape)
                == [
                    "W1": [784, 50], "b1": [50], "W2": [50, 100], "b2": [100], "W3": [100, 10], "b3": [10],
                ])
        #expect(notEmpty(weights.values).allSatisfy { $0.elementType == .float32 })
        let files: [(String, Int, Double)] = [
            ("sample_weight", 45360, 3261.841056072763),
            ("params", 433890, 10587.258955060288),
            ("params_2016", 433890, 25998.705611465426),
            ("deep_convnet_params", 123552, 6771.35211540377),
            ("deep_convnet_params_2016", 123552, 10957.917681081586),
        ]
        for (name, count, sum) in files {
            let arrays = try PickledValue(contentsOf: Self.pickles + name + ".pkl").arrays()
            #expect(arrays.values.reduce(0) { $0 + $1.doubles.count } == count, "\(name)")
            let got = arrays.values.reduce(0) { $0 + $1.doubles.reduce(0) { $0 + abs($1) } }
            #expect(abs(got - sum) <= 1e-12 * sum, "\(name): \(got)")
        }
    }
}
