// Made by Fixtures/make_numpy_fixtures.py with NumPy 2.4.6, Python 3.11.7; not to be changed by hand.
// swift-format-ignore-file

@testable import ArrayFiles

struct NumPyFile: Sendable {
    let name: String
    let type: ElementType
    let shape: [Int]
    /// The elements in row-major order, as float64.
    let values: [Double]
    let base64: String
}

enum NumPyFixtures {
    static let npy: [NumPyFile] = [
        NumPyFile(
            name: "<f2", type: .float32, shape: [2, 3],
            values: [0.0, -0.5, 65504.0, 5.960464477539063e-08, .infinity, .nan],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAC4
            /3sBAAB8AH4=
            """),
        NumPyFile(
            name: ">f2", type: .float32, shape: [2, 3],
            values: [0.0, -0.5, 65504.0, 5.960464477539063e-08, .infinity, .nan],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPmYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAALgA
            e/8AAXwAfgA=
            """),
        NumPyFile(
            name: "<f4", type: .float32, shape: [2, 3],
            values: [0.0, 1.5, -2.25, 3.4028234663852886e+38, 1.401298464324817e-45, -.infinity],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AADAPwAAEMD//39/AQAAAAAAgP8=
            """),
        NumPyFile(
            name: ">f4", type: .float32, shape: [2, 3],
            values: [0.0, 1.5, -2.25, 3.4028234663852886e+38, 1.401298464324817e-45, -.infinity],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            P8AAAMAQAAB/f///AAAAAf+AAAA=
            """),
        NumPyFile(
            name: "<f8", type: .float64, shape: [2, 3],
            values: [0.0, 0.1, -1e+300, 1e-307, .infinity, .nan],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AAAAAJqZmZmZmbk/nHUAiDzkN/4NxkAsGPoxAAAAAAAAAPB/AAAAAAAA+H8=
            """),
        NumPyFile(
            name: ">f8", type: .float64, shape: [2, 3],
            values: [0.0, 0.1, -1e+300, 1e-307, .infinity, .nan],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPmY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AAAAAD+5mZmZmZma/jfkPIgAdZwAMfoYLEDGDX/wAAAAAAAAf/gAAAAAAAA=
            """),
        NumPyFile(
            name: "|i1", type: .int32, shape: [2, 3],
            values: [0.0, 1.0, -128.0, 127.0, 5.0, -1.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnfGkxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAYB/
            Bf8=
            """),
        NumPyFile(
            name: "<i2", type: .int32, shape: [2, 3],
            values: [0.0, 258.0, -32768.0, 32767.0, 5.0, -1.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAIB
            AID/fwUA//8=
            """),
        NumPyFile(
            name: ">i2", type: .int32, shape: [2, 3],
            values: [0.0, 258.0, -32768.0, 32767.0, 5.0, -1.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPmkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAEC
            gAB//wAF//8=
            """),
        NumPyFile(
            name: "<i4", type: .int32, shape: [2, 3],
            values: [0.0, 16909060.0, -2147483648.0, 2147483647.0, 5.0, -1.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPGk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            BAMCAQAAAID///9/BQAAAP////8=
            """),
        NumPyFile(
            name: ">i4", type: .int32, shape: [2, 3],
            values: [0.0, 16909060.0, -2147483648.0, 2147483647.0, 5.0, -1.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPmk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AQIDBIAAAAB/////AAAABf////8=
            """),
        NumPyFile(
            name: "<i8", type: .int64, shape: [2, 3],
            values: [0.0, 7.262385979038285e+16, -4.611686018427388e+18, 4.611686018427388e+18, 5.0, -1.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AAAAAAgHBgUEAwIBAAAAAAAAAMAAAAAAAAAAQAUAAAAAAAAA//////////8=
            """),
        NumPyFile(
            name: ">i8", type: .int64, shape: [2, 3],
            values: [0.0, 7.262385979038285e+16, -4.611686018427388e+18, 4.611686018427388e+18, 5.0, -1.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPmk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AAAAAAECAwQFBgcIwAAAAAAAAABAAAAAAAAAAAAAAAAAAAAF//////////8=
            """),
        NumPyFile(
            name: "|u1", type: .uint8, shape: [2, 3],
            values: [0.0, 255.0, 1.0, 2.0, 3.0, 4.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoA/wEC
            AwQ=
            """),
        NumPyFile(
            name: "<u2", type: .int32, shape: [2, 3],
            values: [0.0, 65535.0, 258.0, 2.0, 3.0, 4.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPHUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAP//
            AgECAAMABAA=
            """),
        NumPyFile(
            name: ">u2", type: .int32, shape: [2, 3],
            values: [0.0, 65535.0, 258.0, 2.0, 3.0, 4.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPnUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAP//
            AQIAAgADAAQ=
            """),
        NumPyFile(
            name: "<u4", type: .int64, shape: [2, 3],
            values: [0.0, 4294967295.0, 16909060.0, 2.0, 3.0, 4.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPHU0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            /////wQDAgECAAAAAwAAAAQAAAA=
            """),
        NumPyFile(
            name: ">u4", type: .int64, shape: [2, 3],
            values: [0.0, 4294967295.0, 16909060.0, 2.0, 3.0, 4.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPnU0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            /////wECAwQAAAACAAAAAwAAAAQ=
            """),
        NumPyFile(
            name: "<u8", type: .int64, shape: [2, 3],
            values: [0.0, 4.611686018427388e+18, 7.262385979038285e+16, 2.0, 3.0, 4.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPHU4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AAAAAAAAAAAAAABACAcGBQQDAgECAAAAAAAAAAMAAAAAAAAABAAAAAAAAAA=
            """),
        NumPyFile(
            name: ">u8", type: .int64, shape: [2, 3],
            values: [0.0, 4.611686018427388e+18, 7.262385979038285e+16, 2.0, 3.0, 4.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPnU4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AAAAAEAAAAAAAAAAAQIDBAUGBwgAAAAAAAAAAgAAAAAAAAADAAAAAAAAAAQ=
            """),
        NumPyFile(
            name: "|b1", type: .bool, shape: [2, 3],
            values: [0.0, 1.0, 1.0, 0.0, 1.0, 0.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAQEA
            AQA=
            """),
        NumPyFile(
            name: "0-d", type: .float64, shape: [],
            values: [7.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0g
            ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AAAcQA==
            """),
        NumPyFile(
            name: "empty", type: .float32, shape: [0, 3],
            values: [],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDAsIDMp
            LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo=
            """),
        NumPyFile(
            name: "1-d", type: .float64, shape: [3],
            values: [0.0, 1.0, 2.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwg
            fSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AAAAAAAAAAAAAPA/AAAAAAAAAEA=
            """),
        NumPyFile(
            name: "2.0", type: .float64, shape: [3, 2],
            values: [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            base64: """
            k05VTVBZAgB0AAAAeydkZXNjcic6ICc8ZjgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMywg
            MiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AAAAAAAAAAAAAPA/AAAAAAAAAEAAAAAAAAAIQAAAAAAAABBAAAAAAAAAFEA=
            """),
        NumPyFile(
            name: "3.0", type: .int32, shape: [1, 6],
            values: [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            base64: """
            k05VTVBZAwB0AAAAeydkZXNjcic6ICc8aTQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMSwg
            NiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AQAAAAIAAAADAAAABAAAAAUAAAA=
            """),
        NumPyFile(
            name: "Fortran 2-d", type: .float32, shape: [2, 3],
            values: [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyks
            IH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AABAQAAAgD8AAIBAAAAAQAAAoEA=
            """),
        NumPyFile(
            name: "Fortran 3-d", type: .uint8, shape: [2, 3, 4],
            values: [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 23.0],
            base64: """
            k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMywg
            NCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoADAQQ
            CBQBDQURCRUCDgYSChYDDwcTCxc=
            """),
        NumPyFile(
            name: "Fortran 2-d, big-endian", type: .int32, shape: [3, 2],
            values: [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            base64: """
            k05VTVBZAgB0AAAAeydkZXNjcic6ICc+aTInLCAnZm9ydHJhbl9vcmRlcic6IFRydWUsICdzaGFwZSc6ICgzLCAy
            KSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAC
            AAQAAQADAAU=
            """),
    ]

    /// W1: [[0, 0.25, 0.5], [0.75, 1, 1.25]] float32; b1: [1, -2] float64; labels: [[0, 1], [2, 3]] uint8.
    static let npz =
            """
            UEsDBC0AAAAAAAAAIQAKnACk//////////8GABQAVzEubnB5AQAQAJgAAAAAAAAAmAAAAAAAAACTTlVNUFkBAHYA
            eydkZXNjcic6ICc8ZjQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAg
            ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgAAAAAAAIA+AAAAPwAA
            QD8AAIA/AACgP1BLAwQtAAAAAAAAACEA0M8c0P//////////BgAUAGIxLm5weQEAEACQAAAAAAAAAJAAAAAAAAAA
            k05VTVBZAQB2AHsnZGVzY3InOiAnPmY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwg
            fSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/8AAA
            AAAAAMAAAAAAAAAAUEsDBC0AAAAAAAAAIQDomQj///////////8KABQAbGFiZWxzLm5weQEAEACEAAAAAAAAAIQA
            AAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAo
            MiwgMiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg
            IAoAAgEDUEsBAi0DLQAAAAAAAAAhAAqcAKSYAAAAmAAAAAYAAAAAAAAAAAAAAIABAAAAAFcxLm5weVBLAQItAy0A
            AAAAAAAAIQDQzxzQkAAAAJAAAAAGAAAAAAAAAAAAAACAAdAAAABiMS5ucHlQSwECLQMtAAAAAAAAACEA6JkI/4QA
            AACEAAAACgAAAAAAAAAAAAAAgAGYAQAAbGFiZWxzLm5weVBLBQYAAAAAAwADAKAAAABYAgAAAAA=
            """
    static let compressedNPZ =
            """
            UEsDBC0AAAAIAAAAIQAKnACk//////////8GABQAVzEubnB5AQAQAJgAAAAAAAAAVgAAAAAAAACb7BfqGxDJyFDG
            UK2eklqcXKRupaBuk2airqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOgrGmjoKtQpkAy4GMGiwAxL2
            DAwOQNwAxAvsAVBLAwQtAAAACAAAACEA0M8c0P//////////BgAUAGIxLm5weQEAEACQAAAAAAAAAE0AAAAAAAAA
            m+wX6hsQychQxlCtnpJanFykbqWgbpdmoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQA
            LvsPDGBwAEIxAABQSwMELQAAAAgAAAAhAOiZCP///////////woAFABsYWJlbHMubnB5AQAQAIQAAAAAAAAASQAA
            AAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBeU2qorqOgnpZfVFKUmBefX5SSChIPKSpNBQoXZyQWpAK5GkY6Ckaa
            Ogq1CuQDLgYmRmYAUEsBAi0DLQAAAAgAAAAhAAqcAKRWAAAAmAAAAAYAAAAAAAAAAAAAAIABAAAAAFcxLm5weVBL
            AQItAy0AAAAIAAAAIQDQzxzQTQAAAJAAAAAGAAAAAAAAAAAAAACAAY4AAABiMS5ucHlQSwECLQMtAAAACAAAACEA
            6JkI/0kAAACEAAAACgAAAAAAAAAAAAAAgAETAQAAbGFiZWxzLm5weVBLBQYAAAAAAwADAKAAAACYAQAAAAA=
            """

    /// The same arrays as a dictionary, by protocol; then with the names of NumPy 1.
    static let pickles = [
            """
            KGRwMApWVzEKcDEKY251bXB5Ll9jb3JlLm11bHRpYXJyYXkKX3JlY29uc3RydWN0CnAyCihjbnVtcHkKbmRhcnJh
            eQpwMwooSTAKdHA0CmNfY29kZWNzCmVuY29kZQpwNQooVmIKcDYKVmxhdGluMQpwNwp0cDgKUnA5CnRwMTAKUnAx
            MQooSTEKKEkyCkkzCnRwMTIKY251bXB5CmR0eXBlCnAxMwooVmY0CnAxNApJMDAKSTAxCnRwMTUKUnAxNgooSTMK
            VjwKcDE3Ck5OTkktMQpJLTEKSTAKdHAxOApiSTAwCmc1CihWXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAw
            XHUwMDAwgD5cdTAwMDBcdTAwMDBcdTAwMDA/XHUwMDAwXHUwMDAwQD9cdTAwMDBcdTAwMDCAP1x1MDAwMFx1MDAw
            MKA/CnAxOQpnNwp0cDIwClJwMjEKdHAyMgpic1ZiMQpwMjMKZzIKKGczCihJMAp0cDI0Cmc5CnRwMjUKUnAyNgoo
            STEKKEkyCnRwMjcKZzEzCihWZjgKcDI4CkkwMApJMDEKdHAyOQpScDMwCihJMwpWPgpwMzEKTk5OSS0xCkktMQpJ
            MAp0cDMyCmJJMDAKZzUKKFY/8Fx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMMBcdTAwMDBcdTAw
            MDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDAKcDMzCmc3CnRwMzQKUnAzNQp0cDM2CmJzVmxhYmVscwpw
            MzcKZzIKKGczCihJMAp0cDM4Cmc5CnRwMzkKUnA0MAooSTEKKEkyCkkyCnRwNDEKZzEzCihWdTEKcDQyCkkwMApJ
            MDEKdHA0MwpScDQ0CihJMwpWfApwNDUKTk5OSS0xCkktMQpJMAp0cDQ2CmJJMDEKZzUKKFZcdTAwMDACAQMKcDQ3
            Cmc3CnRwNDgKUnA0OQp0cDUwCmJzLg==
            """,
            """
            fXEAKFgCAAAAVzFxAWNudW1weS5fY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxAihjbnVtcHkKbmRhcnJh
            eQpxAyhLAHRxBGNfY29kZWNzCmVuY29kZQpxBShYAQAAAGJxBlgGAAAAbGF0aW4xcQd0cQhScQl0cQpScQsoSwEo
            SwJLA3RxDGNudW1weQpkdHlwZQpxDShYAgAAAGY0cQ5JMDAKSTAxCnRxD1JxEChLA1gBAAAAPHERTk5OSv////9K
            /////0sAdHESYkkwMApoBShYGwAAAAAAAAAAAMKAPgAAAD8AAEA/AADCgD8AAMKgP3ETaAd0cRRScRV0cRZiWAIA
            AABiMXEXaAIoaAMoSwB0cRhoCXRxGVJxGihLAShLAnRxG2gNKFgCAAAAZjhxHEkwMApJMDEKdHEdUnEeKEsDWAEA
            AAA+cR9OTk5K/////0r/////SwB0cSBiSTAwCmgFKFgSAAAAP8OwAAAAAAAAw4AAAAAAAAAAcSFoB3RxIlJxI3Rx
            JGJYBgAAAGxhYmVsc3ElaAIoaAMoSwB0cSZoCXRxJ1JxKChLAShLAksCdHEpaA0oWAIAAAB1MXEqSTAwCkkwMQp0
            cStScSwoSwNYAQAAAHxxLU5OTkr/////Sv////9LAHRxLmJJMDEKaAUoWAQAAAAAAgEDcS9oB3RxMFJxMXRxMmJ1
            Lg==
            """,
            """
            gAJ9cQAoWAIAAABXMXEBY251bXB5Ll9jb3JlLm11bHRpYXJyYXkKX3JlY29uc3RydWN0CnECY251bXB5Cm5kYXJy
            YXkKcQNLAIVxBGNfY29kZWNzCmVuY29kZQpxBVgBAAAAYnEGWAYAAABsYXRpbjFxB4ZxCFJxCYdxClJxCyhLAUsC
            SwOGcQxjbnVtcHkKZHR5cGUKcQ1YAgAAAGY0cQ6JiIdxD1JxEChLA1gBAAAAPHERTk5OSv////9K/////0sAdHES
            YoloBVgbAAAAAAAAAAAAwoA+AAAAPwAAQD8AAMKAPwAAwqA/cRNoB4ZxFFJxFXRxFmJYAgAAAGIxcRdoAmgDSwCF
            cRhoCYdxGVJxGihLAUsChXEbaA1YAgAAAGY4cRyJiIdxHVJxHihLA1gBAAAAPnEfTk5OSv////9K/////0sAdHEg
            YoloBVgSAAAAP8OwAAAAAAAAw4AAAAAAAAAAcSFoB4ZxIlJxI3RxJGJYBgAAAGxhYmVsc3ElaAJoA0sAhXEmaAmH
            cSdScSgoSwFLAksChnEpaA1YAgAAAHUxcSqJiIdxK1JxLChLA1gBAAAAfHEtTk5OSv////9K/////0sAdHEuYoho
            BVgEAAAAAAIBA3EvaAeGcTBScTF0cTJidS4=
            """,
            """
            gAN9cQAoWAIAAABXMXEBY251bXB5Ll9jb3JlLm11bHRpYXJyYXkKX3JlY29uc3RydWN0CnECY251bXB5Cm5kYXJy
            YXkKcQNLAIVxBEMBYnEFh3EGUnEHKEsBSwJLA4ZxCGNudW1weQpkdHlwZQpxCVgCAAAAZjRxComIh3ELUnEMKEsD
            WAEAAAA8cQ1OTk5K/////0r/////SwB0cQ5iiUMYAAAAAAAAgD4AAAA/AABAPwAAgD8AAKA/cQ90cRBiWAIAAABi
            MXERaAJoA0sAhXESaAWHcRNScRQoSwFLAoVxFWgJWAIAAABmOHEWiYiHcRdScRgoSwNYAQAAAD5xGU5OTkr/////
            Sv////9LAHRxGmKJQxA/8AAAAAAAAMAAAAAAAAAAcRt0cRxiWAYAAABsYWJlbHNxHWgCaANLAIVxHmgFh3EfUnEg
            KEsBSwJLAoZxIWgJWAIAAAB1MXEiiYiHcSNScSQoSwNYAQAAAHxxJU5OTkr/////Sv////9LAHRxJmKIQwQAAgED
            cSd0cShidS4=
            """,
            """
            gASVVAEAAAAAAAB9lCiMAlcxlIwWbnVtcHkuX2NvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVt
            cHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlFKUKEsBSwJLA4aUaAWMBWR0eXBllJOUjAJmNJSJiIeUUpQoSwOMATyU
            Tk5OSv////9K/////0sAdJRiiUMYAAAAAAAAgD4AAAA/AABAPwAAgD8AAKA/lHSUYowCYjGUaARoB0sAhZRoCYeU
            UpQoSwFLAoWUaA6MAmY4lImIh5RSlChLA4wBPpROTk5K/////0r/////SwB0lGKJQxA/8AAAAAAAAMAAAAAAAAAA
            lHSUYowGbGFiZWxzlGgEaAdLAIWUaAmHlFKUKEsBSwJLAoaUaA6MAnUxlImIh5RSlChLA4wBfJROTk5K/////0r/
            ////SwB0lGKIQwQAAgEDlHSUYnUu
            """,
            """
            gAWVNwEAAAAAAAB9lCiMAlcxlIwTbnVtcHkuX2NvcmUubnVtZXJpY5SMC19mcm9tYnVmZmVylJOUKJYYAAAAAAAA
            AAAAAAAAAIA+AAAAPwAAQD8AAIA/AACgP5SMBW51bXB5lIwFZHR5cGWUk5SMAmY0lImIh5RSlChLA4wBPJROTk5K
            /////0r/////SwB0lGJLAksDhpSMAUOUdJRSlIwCYjGUaAQolhAAAAAAAAAAP/AAAAAAAADAAAAAAAAAAJRoCIwC
            ZjiUiYiHlFKUKEsDjAE+lE5OTkr/////Sv////9LAHSUYksChZRoD3SUUpSMBmxhYmVsc5RoBCiWBAAAAAAAAAAA
            AgEDlGgIjAJ1MZSJiIeUUpQoSwOMAXyUTk5OSv////9K/////0sAdJRiSwJLAoaUjAFGlHSUUpR1Lg==
            """,
            """
            KGRwMApWVzEKcDEKY251bXB5LmNvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcDIKKGNudW1weQpuZGFycmF5
            CnAzCihJMAp0cDQKY19jb2RlY3MKZW5jb2RlCnA1CihWYgpwNgpWbGF0aW4xCnA3CnRwOApScDkKdHAxMApScDEx
            CihJMQooSTIKSTMKdHAxMgpjbnVtcHkKZHR5cGUKcDEzCihWZjQKcDE0CkkwMApJMDEKdHAxNQpScDE2CihJMwpW
            PApwMTcKTk5OSS0xCkktMQpJMAp0cDE4CmJJMDAKZzUKKFZcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBc
            dTAwMDCAPlx1MDAwMFx1MDAwMFx1MDAwMD9cdTAwMDBcdTAwMDBAP1x1MDAwMFx1MDAwMIA/XHUwMDAwXHUwMDAw
            oD8KcDE5Cmc3CnRwMjAKUnAyMQp0cDIyCmJzVmIxCnAyMwpnMgooZzMKKEkwCnRwMjQKZzkKdHAyNQpScDI2CihJ
            MQooSTIKdHAyNwpnMTMKKFZmOApwMjgKSTAwCkkwMQp0cDI5ClJwMzAKKEkzClY+CnAzMQpOTk5JLTEKSS0xCkkw
            CnRwMzIKYkkwMApnNQooVj/wXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwwFx1MDAwMFx1MDAw
            MFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMApwMzMKZzcKdHAzNApScDM1CnRwMzYKYnNWbGFiZWxzCnAz
            NwpnMgooZzMKKEkwCnRwMzgKZzkKdHAzOQpScDQwCihJMQooSTIKSTIKdHA0MQpnMTMKKFZ1MQpwNDIKSTAwCkkw
            MQp0cDQzClJwNDQKKEkzClZ8CnA0NQpOTk5JLTEKSS0xCkkwCnRwNDYKYkkwMQpnNQooVlx1MDAwMAIBAwpwNDcK
            ZzcKdHA0OApScDQ5CnRwNTAKYnMu
            """,
            """
            gAJ9cQAoWAIAAABXMXEBY251bXB5LmNvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQJjbnVtcHkKbmRhcnJh
            eQpxA0sAhXEEY19jb2RlY3MKZW5jb2RlCnEFWAEAAABicQZYBgAAAGxhdGluMXEHhnEIUnEJh3EKUnELKEsBSwJL
            A4ZxDGNudW1weQpkdHlwZQpxDVgCAAAAZjRxDomIh3EPUnEQKEsDWAEAAAA8cRFOTk5K/////0r/////SwB0cRJi
            iWgFWBsAAAAAAAAAAADCgD4AAAA/AABAPwAAwoA/AADCoD9xE2gHhnEUUnEVdHEWYlgCAAAAYjFxF2gCaANLAIVx
            GGgJh3EZUnEaKEsBSwKFcRtoDVgCAAAAZjhxHImIh3EdUnEeKEsDWAEAAAA+cR9OTk5K/////0r/////SwB0cSBi
            iWgFWBIAAAA/w7AAAAAAAADDgAAAAAAAAABxIWgHhnEiUnEjdHEkYlgGAAAAbGFiZWxzcSVoAmgDSwCFcSZoCYdx
            J1JxKChLAUsCSwKGcSloDVgCAAAAdTFxKomIh3ErUnEsKEsDWAEAAAB8cS1OTk5K/////0r/////SwB0cS5iiGgF
            WAQAAAAAAgEDcS9oB4ZxMFJxMXRxMmJ1Lg==
            """,
            """
            gAN9cQAoWAIAAABXMXEBY251bXB5LmNvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQJjbnVtcHkKbmRhcnJh
            eQpxA0sAhXEEQwFicQWHcQZScQcoSwFLAksDhnEIY251bXB5CmR0eXBlCnEJWAIAAABmNHEKiYiHcQtScQwoSwNY
            AQAAADxxDU5OTkr/////Sv////9LAHRxDmKJQxgAAAAAAACAPgAAAD8AAEA/AACAPwAAoD9xD3RxEGJYAgAAAGIx
            cRFoAmgDSwCFcRJoBYdxE1JxFChLAUsChXEVaAlYAgAAAGY4cRaJiIdxF1JxGChLA1gBAAAAPnEZTk5OSv////9K
            /////0sAdHEaYolDED/wAAAAAAAAwAAAAAAAAABxG3RxHGJYBgAAAGxhYmVsc3EdaAJoA0sAhXEeaAWHcR9ScSAo
            SwFLAksChnEhaAlYAgAAAHUxcSKJiIdxI1JxJChLA1gBAAAAfHElTk5OSv////9K/////0sAdHEmYohDBAACAQNx
            J3RxKGJ1Lg==
            """,
    ]

    /// A list of plain values, described in the test, by protocol.
    static let plainPickles = [
            """
            KGxwMApOYUkwMQphSTAwCmFJMAphSTI1NQphSTY1NTM1CmFJLTEKYUwyMTQ3NDgzNjQ4TAphTC05MjIzMzcyMDM2
            ODU0Nzc1ODA4TAphTDkyMjMzNzIwMzY4NTQ3NzU4MDdMCmFGMC4xCmFGaW5mCmFWCnAxCmFWaOlsbG8gXHUyMGFj
            XFUwMDAxZjYwMFx1MDA1Y1x1MDAwYQpwMgphY19fYnVpbHRpbl9fCmJ5dGVzCnAzCih0UnA0CmFjX2NvZGVjcwpl
            bmNvZGUKcDUKKFZcdTAwMDD/JyJcdTAwNWMKcDYKVmxhdGluMQpwNwp0cDgKUnA5CmEodGEoSTEKdHAxMAphKEkx
            CkkyCnRwMTEKYShJMQpJMgpJMwp0cDEyCmEoSTEKSTIKSTMKSTQKdHAxMwphKGxwMTQKYShscDE1CkkxCmEobHAx
            NgpJMgphYWEoZHAxNwphKGRwMTgKVmEKcDE5CkkxCnNJMgpWYgpwMjAKc2FjY29sbGVjdGlvbnMKT3JkZXJlZERp
            Y3QKcDIxCih0UnAyMgpWeApwMjMKSTEKc1Z5CnAyNApJMgpzYWNudW1weS5fY29yZS5tdWx0aWFycmF5CnNjYWxh
            cgpwMjUKKGNudW1weQpkdHlwZQpwMjYKKFZmOApwMjcKSTAwCkkwMQp0cDI4ClJwMjkKKEkzClY8CnAzMApOTk5J
            LTEKSS0xCkkwCnRwMzEKYmc1CihWXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAwXHUwMDAw4D8KcDMyCmc3
            CnRwMzMKUnAzNAp0cDM1ClJwMzYKYWcyNQooZzI2CihWaTQKcDM3CkkwMApJMDEKdHAzOApScDM5CihJMwpnMzAK
            Tk5OSS0xCkktMQpJMAp0cDQwCmJnNQooVv3///8KcDQxCmc3CnRwNDIKUnA0Mwp0cDQ0ClJwNDUKYWcyNQooZzI2
            CihWYjEKcDQ2CkkwMApJMDEKdHA0NwpScDQ4CihJMwpWfApwNDkKTk5OSS0xCkktMQpJMAp0cDUwCmJnNQooVgEK
            cDUxCmc3CnRwNTIKUnA1Mwp0cDU0ClJwNTUKYS4=
            """,
            """
            XXEAKE5JMDEKSTAwCksAS/9N//9K/////0wyMTQ3NDgzNjQ4TApMLTkyMjMzNzIwMzY4NTQ3NzU4MDhMCkw5MjIz
            MzcyMDM2ODU0Nzc1ODA3TApHP7mZmZmZmZpHf/AAAAAAAABYAAAAAHEBWBAAAABow6lsbG8g4oKs8J+YgFwKcQJj
            X19idWlsdGluX18KYnl0ZXMKcQMpUnEEY19jb2RlY3MKZW5jb2RlCnEFKFgGAAAAAMO/JyJccQZYBgAAAGxhdGlu
            MXEHdHEIUnEJKShLAXRxCihLAUsCdHELKEsBSwJLA3RxDChLAUsCSwNLBHRxDV1xDl1xDyhLAV1xEEsCYWV9cRF9
            cRIoWAEAAABhcRNLAUsCWAEAAABicRR1Y2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0CnEVKVJxFihYAQAAAHhxF0sB
            WAEAAAB5cRhLAnVjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcRkoY251bXB5CmR0eXBlCnEaKFgCAAAA
            ZjhxG0kwMApJMDEKdHEcUnEdKEsDWAEAAAA8cR5OTk5K/////0r/////SwB0cR9iaAUoWAkAAAAAAAAAAADDoD9x
            IGgHdHEhUnEidHEjUnEkaBkoaBooWAIAAABpNHElSTAwCkkwMQp0cSZScScoSwNoHk5OTkr/////Sv////9LAHRx
            KGJoBShYCAAAAMO9w7/Dv8O/cSloB3RxKlJxK3RxLFJxLWgZKGgaKFgCAAAAYjFxLkkwMApJMDEKdHEvUnEwKEsD
            WAEAAAB8cTFOTk5K/////0r/////SwB0cTJiaAUoWAEAAAABcTNoB3RxNFJxNXRxNlJxN2Uu
            """,
            """
            gAJdcQAoToiJSwBL/03//0r/////igUAAACAAIoIAAAAAAAAAICKCP////////9/Rz+5mZmZmZmaR3/wAAAAAAAA
            WAAAAABxAVgQAAAAaMOpbGxvIOKCrPCfmIBcCnECY19fYnVpbHRpbl9fCmJ5dGVzCnEDKVJxBGNfY29kZWNzCmVu
            Y29kZQpxBVgGAAAAAMO/JyJccQZYBgAAAGxhdGluMXEHhnEIUnEJKUsBhXEKSwFLAoZxC0sBSwJLA4dxDChLAUsC
            SwNLBHRxDV1xDl1xDyhLAV1xEEsCYWV9cRF9cRIoWAEAAABhcRNLAUsCWAEAAABicRR1Y2NvbGxlY3Rpb25zCk9y
            ZGVyZWREaWN0CnEVKVJxFihYAQAAAHhxF0sBWAEAAAB5cRhLAnVjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2Fs
            YXIKcRljbnVtcHkKZHR5cGUKcRpYAgAAAGY4cRuJiIdxHFJxHShLA1gBAAAAPHEeTk5OSv////9K/////0sAdHEf
            YmgFWAkAAAAAAAAAAADDoD9xIGgHhnEhUnEihnEjUnEkaBloGlgCAAAAaTRxJYmIh3EmUnEnKEsDaB5OTk5K////
            /0r/////SwB0cShiaAVYCAAAAMO9w7/Dv8O/cSloB4ZxKlJxK4ZxLFJxLWgZaBpYAgAAAGIxcS6JiIdxL1JxMChL
            A1gBAAAAfHExTk5OSv////9K/////0sAdHEyYmgFWAEAAAABcTNoB4ZxNFJxNYZxNlJxN2Uu
            """,
            """
            gANdcQAoToiJSwBL/03//0r/////igUAAACAAIoIAAAAAAAAAICKCP////////9/Rz+5mZmZmZmaR3/wAAAAAAAA
            WAAAAABxAVgQAAAAaMOpbGxvIOKCrPCfmIBcCnECQwBxA0MFAP8nIlxxBClLAYVxBUsBSwKGcQZLAUsCSwOHcQco
            SwFLAksDSwR0cQhdcQldcQooSwFdcQtLAmFlfXEMfXENKFgBAAAAYXEOSwFLAlgBAAAAYnEPdWNjb2xsZWN0aW9u
            cwpPcmRlcmVkRGljdApxEClScREoWAEAAAB4cRJLAVgBAAAAeXETSwJ1Y251bXB5Ll9jb3JlLm11bHRpYXJyYXkK
            c2NhbGFyCnEUY251bXB5CmR0eXBlCnEVWAIAAABmOHEWiYiHcRdScRgoSwNYAQAAADxxGU5OTkr/////Sv////9L
            AHRxGmJDCAAAAAAAAOA/cRuGcRxScR1oFGgVWAIAAABpNHEeiYiHcR9ScSAoSwNoGU5OTkr/////Sv////9LAHRx
            IWJDBP3///9xIoZxI1JxJGgUaBVYAgAAAGIxcSWJiIdxJlJxJyhLA1gBAAAAfHEoTk5OSv////9K/////0sAdHEp
            YkMBAXEqhnErUnEsZS4=
            """,
            """
            gASVmAEAAAAAAABdlChOiIlLAEv/Tf//Sv////+KBQAAAIAAiggAAAAAAAAAgIoI/////////39HP7mZmZmZmZpH
            f/AAAAAAAACMAJSMEGjDqWxsbyDigqzwn5iAXAqUQwCUQwUA/yciXJQpSwGFlEsBSwKGlEsBSwJLA4eUKEsBSwJL
            A0sEdJRdlF2UKEsBXZRLAmFlfZR9lCiMAWGUSwFLAowBYpR1jAtjb2xsZWN0aW9uc5SMC09yZGVyZWREaWN0lJOU
            KVKUKIwBeJRLAYwBeZRLAnWMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAZzY2FsYXKUk5SMBW51bXB5lIwFZHR5
            cGWUk5SMAmY4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGJDCAAAAAAAAOA/lIaUUpRoGGgbjAJpNJSJ
            iIeUUpQoSwNoH05OTkr/////Sv////9LAHSUYkME/f///5SGlFKUaBhoG4wCYjGUiYiHlFKUKEsDjAF8lE5OTkr/
            ////Sv////9LAHSUYkMBAZSGlFKUZS4=
            """,
            """
            gAWVmAEAAAAAAABdlChOiIlLAEv/Tf//Sv////+KBQAAAIAAiggAAAAAAAAAgIoI/////////39HP7mZmZmZmZpH
            f/AAAAAAAACMAJSMEGjDqWxsbyDigqzwn5iAXAqUQwCUQwUA/yciXJQpSwGFlEsBSwKGlEsBSwJLA4eUKEsBSwJL
            A0sEdJRdlF2UKEsBXZRLAmFlfZR9lCiMAWGUSwFLAowBYpR1jAtjb2xsZWN0aW9uc5SMC09yZGVyZWREaWN0lJOU
            KVKUKIwBeJRLAYwBeZRLAnWMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAZzY2FsYXKUk5SMBW51bXB5lIwFZHR5
            cGWUk5SMAmY4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGJDCAAAAAAAAOA/lIaUUpRoGGgbjAJpNJSJ
            iIeUUpQoSwNoH05OTkr/////Sv////9LAHSUYkME/f///5SGlFKUaBhoG4wCYjGUiYiHlFKUKEsDjAF8lE5OTkr/
            ////Sv////9LAHSUYkMBAZSGlFKUZS4=
            """,
    ]
}
