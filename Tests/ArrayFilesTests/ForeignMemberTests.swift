import Arrays
import Foundation
import TestSupport
import Testing

@testable import ArrayFiles

/// Files with members that are no arrays for `NDArray`: the others are read all the same. The files and what is in them are
/// NumPy's, SciPy's and safetensors' own (`Fixtures/make_foreign_fixtures.py`).
struct ForeignMemberTests {
    private let composed = "\u{E9}"
    private let decomposed = "e\u{301}"

    private func npz(_ base64: String) throws -> NPZ {
        try NPZ(ByteSource(bytes: decode(base64), name: "f"))
    }

    @Test func sciPysMatrix() throws {
        let file = try npz(ForeignFixtures.sparse)
        #expect(file.names == ["data", "format", "indices", "indptr", "shape"])
        #expect(try file.array(named: "data", as: Double.self).elements == [1.5, 2.5, -3.5])
        #expect(try file.array(named: "indices").converted(to: Int.self).elements == [1, 0, 2])
        #expect(try file.array(named: "indptr").converted(to: Int.self).elements == [0, 1, 3])
        #expect(try file.array(named: "shape", as: Int.self).elements == [2, 3])
        #expect(file.arrays.keys == ["data", "indices", "indptr", "shape"])
        #expect(
            failure { _ = try file.array(named: "format") }.hasSuffix(
                "npy header: a type of element that is not read here (expected booleans, integers, float16, float32 or "
                    + "float64, got |S3, text)"))
    }

    @Test func membersOfEveryKind() throws {
        let file = try npz(ForeignFixtures.mixed)
        #expect(
            file.names == [
                "complex", "dates", decomposed, "half", "large", "numbers", "objects", "readme.md", "record",
                "text",
                composed,
            ])
        #expect(try file.array(named: "numbers", as: Double.self).elements == [0, 1, 2])
        #expect(try file.array(named: "half", as: Float.self).elements == [0.5, -2, .infinity])
        for (name, what) in [
            ("text", "got <U3, text)"), ("objects", "got |O, Python objects)"),
            ("dates", "got <M8[D], dates or times)"),
            ("complex", "got <c16, complex numbers)"),
            ("record", "npy header: a structured array, which is not read here"),
            (
                "large",
                "a uint64 that is too large (expected at most 9223372036854775807, got 18446744073709551615)"
            ),
            ("readme.md", "entry \"readme.md\" is not an array (expected names that end with .npy)"),
            (
                "none",
                "there is no array \"none\" (got complex, dates, \(decomposed), half, large, numbers, objects, "
                    + "readme.md, ...)"
            ),
        ] {
            let text = failure { _ = try file.array(named: name, as: Float.self) }
            #expect(text.hasPrefix("badData: f") && text.hasSuffix(what), "\(name): \(text)")
        }
        // What could not be read cannot be written either, and is not lost without a word.
        try withTemporaryDirectory { directory in
            #expect(
                failure { try file.write(to: directory + "/a.npz") }.hasPrefix(
                    "badData: f: complex.npy, byte "))
            #expect(try names(in: directory) == [])
            var less = file
            for name in file.names where file.arrays[name] == nil { less.remove(named: name) }
            try less.write(to: directory + "/a.npz", compressed: true)
            let again = try NPZ(contentsOf: directory + "/a.npz")
            #expect(again.names == [decomposed, "half", "numbers", composed])
        }
    }

    /// Names that look alike are two, in each format, to and fro.
    @Test func namesAreBytes() throws {
        func expectBoth(_ one: NDArray<Int>, _ two: NDArray<Int>) {
            #expect(one.elements == [1, 2] && two.elements == [3, 4])
        }
        let archive = try npz(ForeignFixtures.mixed)
        expectBoth(try archive.array(named: composed), try archive.array(named: decomposed))
        let tensors = try SafeTensors(ByteSource(bytes: decode(ForeignFixtures.tensors), name: "f"))
        expectBoth(try tensors.array(named: composed), try tensors.array(named: decomposed))
        let arrays = try PickledValue.read(ByteSource(bytes: decode(ForeignFixtures.namesPickle))).arrays()
        #expect(
            arrays.count == 2
                && arrays.keys.map { Array($0.utf8) } == [Array(decomposed.utf8), Array(composed.utf8)])
        #expect(arrays[composed]?.doubles == [1, 2] && arrays[decomposed]?.doubles == [3, 4])
        try withTemporaryDirectory { directory in
            var file = NPZ()
            var other = SafeTensors()
            for (name, array) in arrays {
                file.set(array, named: name)
                other.set(array, named: name)
                other.metadata[name] = "\(array.doubles)"
            }
            try file.write(to: directory + "/a.npz")
            try other.write(to: directory + "/a.safetensors")
            let again = try NPZ(contentsOf: directory + "/a.npz")
            #expect(
                again.arrays[composed]?.doubles == [1, 2] && again.arrays[decomposed]?.doubles == [3, 4])
            let otherAgain = try SafeTensors(contentsOf: directory + "/a.safetensors")
            #expect(
                otherAgain.arrays[composed]?.doubles == [1, 2]
                    && otherAgain.arrays[decomposed]?.doubles == [3, 4])
            #expect(otherAgain.metadata == [composed: "[1.0, 2.0]", decomposed: "[3.0, 4.0]"])
        }
    }

    @Test(arguments: ForeignFixtures.mixedPickles.indices) func membersOfAPickle(_ index: Int) throws {
        let file = try PickledValue.read(
            ByteSource(bytes: decode(ForeignFixtures.mixedPickles[index]), name: "f"))
        #expect(try file.arrays().keys == ["half", "numbers"])
        #expect(try file.array(named: "numbers").doubles == [0, 1, 2])
        #expect(try file.array(named: "half").doubles == [0.5])
        for (name, what) in [
            ("text", "got U3, text)"), ("objects", "got O8, Python objects)"),
            ("dates", "got M8, dates or times)"),
            ("complex", "got c8, complex numbers)"),
            ("record", "pickle: a structured dtype, which is not read here"),
            ("note", "\"note\" is not an array (got a str)"),
        ] {
            let text = failure { _ = try file.array(named: name) }
            #expect(text.hasPrefix("badData: ") && text.hasSuffix(what), "\(name): \(text)")
        }
    }

    @Test func aNameInAnOldCodePage() throws {
        let file = try npz(ForeignFixtures.codePage)
        #expect(file.names == ["café"])
        #expect(try file.array(named: "café", as: Int32.self).elements == [7])
        // The whole page, as Python's codec has it: the first and the last of its upper half.
        #expect(CodePage437.text([0x41, 0x80, 0xE1, 0xFF]) == "AÇß\u{A0}")
    }

    @Test func tensorsOfEveryType() throws {
        let file = try SafeTensors(ByteSource(bytes: decode(ForeignFixtures.tensors), name: "f"))
        let expected: [(String, ElementType, [Int], [Double])] = [
            ("bf16", .float32, [1, 3], [1, -2.5, 3.140625]), ("f16", .float32, [3], [0.5, 65504, 0x1p-24]),
            ("f32", .float32, [1], [1.5]), ("f64", .float64, [1], [0.1]), ("i8", .int32, [2], [-128, 127]),
            ("i16", .int32, [2], [-32768, 32767]), ("i32", .int32, [1], [-5]), ("i64", .int64, [1], [0x1p62]),
            ("u8", .uint8, [1], [255]), ("u16", .int32, [1], [65535]), ("u32", .int64, [1], [4_294_967_295]),
            ("u64", .int64, [1], [0x1p62]), ("bool", .bool, [2], [1, 0]),
        ]
        for (name, type, shape, values) in expected {
            let array = try file.array(named: name)
            #expect(array.elementType == type && array.shape == shape && array.doubles == values, "\(name)")
        }
        #expect(file.names.count == expected.count + 5 && file.arrays.count == expected.count + 2)
        for (name, type) in [("f8", "F8_E4M3"), ("f8 other", "F8_E5M2")] {
            let text = failure { _ = try file.array(named: name) }
            #expect(
                text.hasSuffix(
                    "array \"\(name)\" has a type of element that is not read here (expected F16, BF16, F32, F64, I8 to "
                        + "I64, U8 to U64 or BOOL, got \(type))"), "\(text)")
        }
        #expect(failure { _ = try file.array(named: "u64 large") }.contains("a uint64 that is too large"))
        #expect(failure { try file.write(to: "/nowhere") }.contains("array \"f8\" has a type of element"))
    }

    @Test func severalArraysInOneFile() throws {
        let bytes = try decode(ForeignFixtures.several)
        let first = try NPY.read(ByteSource(bytes: bytes, name: "f"))
        #expect(first.elementType == .float32 && first.doubles == [0, 1, 2, 3])
        let all = try NPY.readAll(ByteSource(bytes: bytes, name: "f"))
        #expect(
            all.map(\.shape) == [[4], [1, 2], []] && all.map(\.doubles) == [[0, 1, 2, 3], [1, 2], [1]])
        #expect(
            failure { _ = try NPY.readAll(ByteSource(bytes: bytes.dropLast(), name: "f")) }.contains(
                "truncated"))
        #expect(
            failure { _ = try NPY.read(ByteSource(bytes: Array(bytes.prefix(144)) + [0], name: "f")) }
                == "badData: f, byte 144: too long (expected 144 bytes for the shape [4], or another array behind them, "
                + "got 145)")
    }

    @Test(arguments: ForeignFixtures.casts.indices) func arraysConvertAsNumPyConvertsThem(_ index: Int) {
        let (type, elements, target, result) = ForeignFixtures.casts[index]
        let array = StoredArray(NDArray(shape: [elements.count], elements: elements)).converted(to: type)
        #expect(array.elementType == type && array.doubles == elements)
        let converted = array.converted(to: target)
        #expect(converted.elementType == target && converted.doubles == result, "\(type) to \(target)")
    }

    @Test func arraysOfEveryTypeGoOutAndComeBack() throws {
        try withTemporaryDirectory { directory in
            for type in ElementType.allCases {
                let array = StoredArray(NDArray<Double>(shape: [2, 2], elements: [0, 1, 2, 250])).converted(
                    to: type)
                try NPY.write(array, to: directory + "/a.npy")
                var file = NPZ()
                file.set(array, named: "a")
                try file.write(to: directory + "/a.npz")
                var tensors = SafeTensors()
                tensors.set(array, named: "a")
                try tensors.write(to: directory + "/a.safetensors")
                for again in [
                    try NPY.read(directory + "/a.npy"),
                    try NPZ(contentsOf: directory + "/a.npz").array(named: "a"),
                    try SafeTensors(contentsOf: directory + "/a.safetensors").array(named: "a"),
                ] {
                    #expect(
                        again.elementType == type && again.shape == [2, 2] && again.doubles == array.doubles)
                }
            }
        }
    }
}
