// Made by Fixtures/make_foreign_fixtures.py with NumPy 2.4.6, SciPy 1.17.1, safetensors 0.8.0, ml_dtypes 0.6.0,
// Python 3.11.7; not to be changed by hand.
// swift-format-ignore-file

@testable import ArrayFiles

enum ForeignFixtures {

    /// scipy.sparse.save_npz of [[0, 1.5, 0], [2.5, 0, -3.5]] as csr_matrix.
    static let sparse =
            """
            UEsDBC0AAAAIAAAAIQDzoLL+//////////8LABQAaW5kaWNlcy5ucHkBABAAjAAAAAAAAABKAAAAAAAAAJvsF+ob
            EMnIUMZQrZ6SWpxcpG6loG6TaaKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC5GBghg
            AmIAUEsDBC0AAAAIAAAAIQBniwER//////////8KABQAaW5kcHRyLm5weQEAEACMAAAAAAAAAEwAAAAAAAAAm+wX
            6hsQychQxlCtnpJanFykbqWgbpNpoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaxjqaOgq1ChQALgYg
            YARiZiAGAFBLAwQtAAAACAAAACEAo8N0l///////////CgAUAGZvcm1hdC5ucHkBABAAgwAAAAAAAABFAAAAAAAA
            AJvsF+obEMnIUMZQrZ6SWpxcpG6loF4TbKyuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5Gpo6CrUKFAGu
            5OIiAFBLAwQtAAAACAAAACEAYEh+DP//////////CQAUAHNoYXBlLm5weQEAEACQAAAAAAAAAEoAAAAAAAAAm+wX
            6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQALiYG
            CGCG0gBQSwMELQAAAAgAAAAhAHiJc9P//////////wgAFABkYXRhLm5weQEAEACYAAAAAAAAAFAAAAAAAAAAm+wX
            6hsQychQxlCtnpJanFykbqWgbpNmoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaxjqaOgq1ChQALgYw
            +GEPoVkcIDTPAQBQSwECLQMtAAAACAAAACEA86Cy/koAAACMAAAACwAAAAAAAAAAAAAAgAEAAAAAaW5kaWNlcy5u
            cHlQSwECLQMtAAAACAAAACEAZ4sBEUwAAACMAAAACgAAAAAAAAAAAAAAgAGHAAAAaW5kcHRyLm5weVBLAQItAy0A
            AAAIAAAAIQCjw3SXRQAAAIMAAAAKAAAAAAAAAAAAAACAAQ8BAABmb3JtYXQubnB5UEsBAi0DLQAAAAgAAAAhAGBI
            fgxKAAAAkAAAAAkAAAAAAAAAAAAAAIABkAEAAHNoYXBlLm5weVBLAQItAy0AAAAIAAAAIQB4iXPTUAAAAJgAAAAI
            AAAAAAAAAAAAAACAARUCAABkYXRhLm5weVBLBQYAAAAABQAFABYBAACfAgAAAAA=
            """

    /// np.savez_compressed of arrays of every kind, then a text file and a folder; see the tests.
    static let mixed =
            """
            UEsDBC0AAAAIAAAAIQAkIeEr//////////8LABQAbnVtYmVycy5ucHkBABAAmAAAAAAAAABMAAAAAAAAAJvsF+ob
            EMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC4GFPDB
            HspwAABQSwMELQAAAAgAAAAhAJcDdAn//////////wgAFAB0ZXh0Lm5weQEAEACYAAAAAAAAAFQAAAAAAAAAm+wX
            6hsQychQxlCtnpJanFykbqWgbhNqrK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQArnwG
            BoY8IE4F4hIgLgdikBgAUEsDBC0AAAAIAAAAIQAYnjfu//////////8LABQAb2JqZWN0cy5ucHkBABAAGAEAAAAA
            AADGAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF7jr66joJ6WX1RSlJgXn1+UkgoSdkvMKU4FihdnJBakAvka
            RjqaOgq1CpQArgaWqb0MENAjlleaW1CpF5+cX5Sql1uaU5KZWFSUWDmlhye+KDU5P6+4pKg0uWTK5Ck9rGCVU3rY
            81IgSiZP8WZoneLMmDSlfUrQFA1vRm+m1ikZzD2sKSWVBakgLUz+FlM6OyCyzD2MNVP8/Py8/gMBmPC2L5mS1Bk7
            RcPPmzEVyNQDAFBLAwQtAAAACAAAACEAmYVtQ///////////CAAUAGhhbGYubnB5AQAQAIYAAAAAAAAASgAAAAAA
            AACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2akrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOpo6CrUK
            FAAuBguGAww1AFBLAwQtAAAACAAAACEA/p64H///////////CQAUAGRhdGVzLm5weQEAEACIAAAAAAAAAEwAAAAA
            AAAAm+wX6hsQychQxlCtnpJanFykbqWgbuNrEe0Sq66joJ6WX1RSlJgXn1+UkgqSckvMKU4FihdnJBakAvkahjqa
            Ogq1CuQCrjB3BjAAAFBLAwQtAAAACAAAACEA2jGw1f//////////CwAUAGNvbXBsZXgubnB5AQAQAJAAAAAAAAAA
            SgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2xopq6joJ6WX1RSlJgXn1+UkgqScEvMKU4FihdnJBakAvka
            hjqaOgq1CuQDLgYU8MEeAFBLAwQtAAAACAAAACEAv17lOv//////////CgAUAHJlY29yZC5ucHkBABAAmAAAAAAA
            AABZAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6lEK2hnqiuo6Buk2airqmjoKGeBOZlWqhrxgIZaflFJUWJefH5
            RSmpIOVuiTnFqUDx4ozEglQgX8NIB6irVoEYwMWAAwAAUEsDBC0AAAAIAAAAIQByydg+//////////8JABQAbGFy
            Z2UubnB5AQAQAIgAAAAAAAAARwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuU2qhrqOgnpZfVFKUmBefX5SS
            ChJ3S8wpTgWKF2ckFqQC+RqGOpo6CrUKFACu/1AAAFBLAwQtAAAICAAAACEADPwc6f//////////BgAUAMOpLm5w
            eQEAEACQAAAAAAAAAEoAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vM
            KU4FihdnJBakAvkaRjqaOgq1ChQALkYGCGCC0gBQSwMELQAACAgAAAAhAOjQ06j//////////wcAFABlzIEubnB5
            AQAQAJAAAAAAAAAASgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wp
            TgWKF2ckFqQC+RpGOpo6CrUKFAAuZgYIYIHSAFBLAwQUAAAAAADYVn5dcE0/vQgAAAAIAAAACQAAAHJlYWRtZS5t
            ZG5vIGFycmF5UEsDBBQAAAAAANhWfl0AAAAAAAAAAAAAAAAHAAAAZm9sZGVyL1BLAQItAy0AAAAIAAAAIQAkIeEr
            TAAAAJgAAAALAAAAAAAAAAAAAACAAQAAAABudW1iZXJzLm5weVBLAQItAy0AAAAIAAAAIQCXA3QJVAAAAJgAAAAI
            AAAAAAAAAAAAAACAAYkAAAB0ZXh0Lm5weVBLAQItAy0AAAAIAAAAIQAYnjfuxgAAABgBAAALAAAAAAAAAAAAAACA
            ARcBAABvYmplY3RzLm5weVBLAQItAy0AAAAIAAAAIQCZhW1DSgAAAIYAAAAIAAAAAAAAAAAAAACAARoCAABoYWxm
            Lm5weVBLAQItAy0AAAAIAAAAIQD+nrgfTAAAAIgAAAAJAAAAAAAAAAAAAACAAZ4CAABkYXRlcy5ucHlQSwECLQMt
            AAAACAAAACEA2jGw1UoAAACQAAAACwAAAAAAAAAAAAAAgAElAwAAY29tcGxleC5ucHlQSwECLQMtAAAACAAAACEA
            v17lOlkAAACYAAAACgAAAAAAAAAAAAAAgAGsAwAAcmVjb3JkLm5weVBLAQItAy0AAAAIAAAAIQByydg+RwAAAIgA
            AAAJAAAAAAAAAAAAAACAAUEEAABsYXJnZS5ucHlQSwECLQMtAAAICAAAACEADPwc6UoAAACQAAAABgAAAAAAAAAA
            AAAAgAHDBAAAw6kubnB5UEsBAi0DLQAACAgAAAAhAOjQ06hKAAAAkAAAAAcAAAAAAAAAAAAAAIABRQUAAGXMgS5u
            cHlQSwECFAMUAAAAAADYVn5dcE0/vQgAAAAIAAAACQAAAAAAAAAAAAAAgAHIBQAAcmVhZG1lLm1kUEsBAhQDFAAA
            AAAA2FZ+XQAAAAAAAAAAAAAAAAcAAAAAAAAAAAAQAP1B9wUAAGZvbGRlci9QSwUGAAAAAAwADACSAgAAHAYAAAAA
            """

    /// A zip whose member is named café.npy in code page 437; zipfile.namelist() says so.
    static let codePage =
            """
            UEsDBBQAAAAAANhWfl19R3lqhAAAAIQAAAAIAAAAY2Fmgi5ucHmTTlVNUFkBAHYAeydkZXNjcic6ICc8aTQnLCAn
            Zm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMSwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAg
            ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgcAAABQSwECFAMUAAAAAADYVn5dfUd5aoQAAACEAAAA
            CAAAAAAAAAAAAAAAgAEAAAAAY2Fmgi5ucHlQSwUGAAAAAAEAAQA2AAAAqgAAAAAA
            """

    /// safetensors.numpy.save of one array of each type; see the tests.
    static let tensors =
            """
            GAQAAAAAAAB7InU2NCI6eyJkdHlwZSI6IlU2NCIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzAsOF19LCJ1
            NjQgbGFyZ2UiOnsiZHR5cGUiOiJVNjQiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOls4LDE2XX0sImXMgSI6
            eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzE2LDMyXX0sImk2NCI6eyJkdHlwZSI6
            Ikk2NCIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzMyLDQwXX0sIsOpIjp7ImR0eXBlIjoiSTY0Iiwic2hh
            cGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbNDAsNTZdfSwiZjY0Ijp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlsxXSwi
            ZGF0YV9vZmZzZXRzIjpbNTYsNjRdfSwiZjMyIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsxXSwiZGF0YV9vZmZz
            ZXRzIjpbNjQsNjhdfSwidTMyIjp7ImR0eXBlIjoiVTMyIiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbNjgs
            NzJdfSwiaTMyIjp7ImR0eXBlIjoiSTMyIiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbNzIsNzZdfSwiYmYx
            NiI6eyJkdHlwZSI6IkJGMTYiLCJzaGFwZSI6WzEsM10sImRhdGFfb2Zmc2V0cyI6Wzc2LDgyXX0sImYxNiI6eyJk
            dHlwZSI6IkYxNiIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzgyLDg4XX0sInUxNiI6eyJkdHlwZSI6IlUx
            NiIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6Wzg4LDkwXX0sImkxNiI6eyJkdHlwZSI6IkkxNiIsInNoYXBl
            IjpbMl0sImRhdGFfb2Zmc2V0cyI6WzkwLDk0XX0sImY4Ijp7ImR0eXBlIjoiRjhfRTRNMyIsInNoYXBlIjpbM10s
            ImRhdGFfb2Zmc2V0cyI6Wzk0LDk3XX0sImY4IG90aGVyIjp7ImR0eXBlIjoiRjhfRTVNMiIsInNoYXBlIjpbMV0s
            ImRhdGFfb2Zmc2V0cyI6Wzk3LDk4XX0sImk4Ijp7ImR0eXBlIjoiSTgiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNl
            dHMiOls5OCwxMDBdfSwidTgiOnsiZHR5cGUiOiJVOCIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzEwMCwx
            MDFdfSwiYm9vbCI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlsxMDEsMTAzXX19
            AAAAAAAAAED//////////wMAAAAAAAAABAAAAAAAAAAAAAAAAAAAQAEAAAAAAAAAAgAAAAAAAACamZmZmZm5PwAA
            wD//////+////4A/IMBJQAA4/3sBAP//AID/fzhARDyAf/8BAA==
            """

    /// np.save three times on one file: arange(4) float32, [[1, 2]] int16, True.
    static let several =
            """
            k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQsKSwg
            fSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA
            AACAPwAAAEAAAEBAk05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3No
            YXBlJzogKDEsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg
            ICAgICAgIAoBAAIAk05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3No
            YXBlJzogKCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg
            ICAgICAgIAoB
            """

    /// pickle.dumps of a dictionary whose two names look alike.
    static let namesPickle =
            """
            gASV1gAAAAAAAAB9lCiMAsOplIwWbnVtcHkuX2NvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVt
            cHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlFKUKEsBSwKFlGgFjAVkdHlwZZSTlIwCZjiUiYiHlFKUKEsDjAE8lE5O
            Tkr/////Sv////9LAHSUYolDEAAAAAAAAPA/AAAAAAAAAECUdJRijANlzIGUaARoB0sAhZRoCYeUUpQoSwFLAoWU
            aBGJQxAAAAAAAAAIQAAAAAAAABBAlHSUYnUu
            """

    /// pickle.dumps of arrays of every kind and a string, in three protocols; see the tests.
    static let mixedPickles = [
            """
            KGRwMApWbnVtYmVycwpwMQpjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcDIKKGNudW1weQpu
            ZGFycmF5CnAzCihJMAp0cDQKY19jb2RlY3MKZW5jb2RlCnA1CihWYgpwNgpWbGF0aW4xCnA3CnRwOApScDkKdHAx
            MApScDExCihJMQooSTMKdHAxMgpjbnVtcHkKZHR5cGUKcDEzCihWZjgKcDE0CkkwMApJMDEKdHAxNQpScDE2CihJ
            MwpWPApwMTcKTk5OSS0xCkktMQpJMAp0cDE4CmJJMDAKZzUKKFZcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAw
            MDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDDwP1x1MDAwMFx1
            MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMEAKcDE5Cmc3CnRwMjAKUnAyMQp0cDIyCmJzVnRleHQK
            cDIzCmcyCihnMwooSTAKdHAyNApnOQp0cDI1ClJwMjYKKEkxCihJMgp0cDI3CmcxMwooVlUzCnAyOApJMDAKSTAx
            CnRwMjkKUnAzMAooSTMKZzE3Ck5OTkkxMgpJNApJOAp0cDMxCmJJMDAKZzUKKFZvXHUwMDAwXHUwMDAwXHUwMDAw
            blx1MDAwMFx1MDAwMFx1MDAwMGVcdTAwMDBcdTAwMDBcdTAwMDB0XHUwMDAwXHUwMDAwXHUwMDAwd1x1MDAwMFx1
            MDAwMFx1MDAwMG9cdTAwMDBcdTAwMDBcdTAwMDAKcDMyCmc3CnRwMzMKUnAzNAp0cDM1CmJzVm9iamVjdHMKcDM2
            CmcyCihnMwooSTAKdHAzNwpnOQp0cDM4ClJwMzkKKEkxCihJMgp0cDQwCmcxMwooVk84CnA0MQpJMDAKSTAxCnRw
            NDIKUnA0MwooSTMKVnwKcDQ0Ck5OTkktMQpJLTEKSTYzCnRwNDUKYkkwMAoobHA0NgpOYUkxCmF0cDQ3CmJzVmRh
            dGVzCnA0OApnMgooZzMKKEkwCnRwNDkKZzkKdHA1MApScDUxCihJMQooSTEKdHA1MgpnMTMKKFZNOApwNTMKSTAw
            CkkwMQp0cDU0ClJwNTUKKEk0CmcxNwpOTk5JLTEKSS0xCkkwCihOKGc1CihWRApwNTYKZzcKdHA1NwpScDU4Ckkx
            CkkxCkkxCnRwNTkKdHA2MAp0cDYxCmJJMDAKZzUKKFZWR1x1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1
            MDAwMApwNjIKZzcKdHA2MwpScDY0CnRwNjUKYnNWY29tcGxleApwNjYKY251bXB5Ll9jb3JlLm11bHRpYXJyYXkK
            c2NhbGFyCnA2NwooZzEzCihWYzgKcDY4CkkwMApJMDEKdHA2OQpScDcwCihJMwpnMTcKTk5OSS0xCkktMQpJMAp0
            cDcxCmJnNQooVlx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMIA/CnA3MgpnNwp0cDczClJwNzQK
            dHA3NQpScDc2CnNWcmVjb3JkCnA3NwpnMgooZzMKKEkwCnRwNzgKZzkKdHA3OQpScDgwCihJMQooSTIKdHA4MQpn
            MTMKKFZWMTIKcDgyCkkwMApJMDEKdHA4MwpScDg0CihJMwpnNDQKTihWYQpwODUKVmIKcDg2CnRwODcKKGRwODgK
            Zzg1CihnMTMKKFZmNApwODkKSTAwCkkwMQp0cDkwClJwOTEKKEkzCmcxNwpOTk5JLTEKSS0xCkkwCnRwOTIKYkkw
            CnRwOTMKc2c4NgooZzEzCihWaTgKcDk0CkkwMApJMDEKdHA5NQpScDk2CihJMwpnMTcKTk5OSS0xCkktMQpJMAp0
            cDk3CmJJNAp0cDk4CnNJMTIKSTEKSTE2CnRwOTkKYkkwMApnNQooVlx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1
            MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1
            MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMApwMTAwCmc3CnRwMTAx
            ClJwMTAyCnRwMTAzCmJzVm5vdGUKcDEwNApWYSB3b3JkCnAxMDUKc1ZoYWxmCnAxMDYKZzIKKGczCihJMAp0cDEw
            NwpnOQp0cDEwOApScDEwOQooSTEKKEkxCnRwMTEwCmcxMwooVmYyCnAxMTEKSTAwCkkwMQp0cDExMgpScDExMwoo
            STMKZzE3Ck5OTkktMQpJLTEKSTAKdHAxMTQKYkkwMApnNQooVlx1MDAwMDgKcDExNQpnNwp0cDExNgpScDExNwp0
            cDExOApicy4=
            """,
            """
            gAJ9cQAoWAcAAABudW1iZXJzcQFjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQJjbnVtcHkK
            bmRhcnJheQpxA0sAhXEEY19jb2RlY3MKZW5jb2RlCnEFWAEAAABicQZYBgAAAGxhdGluMXEHhnEIUnEJh3EKUnEL
            KEsBSwOFcQxjbnVtcHkKZHR5cGUKcQ1YAgAAAGY4cQ6JiIdxD1JxEChLA1gBAAAAPHERTk5OSv////9K/////0sA
            dHESYoloBVgZAAAAAAAAAAAAAAAAAAAAAADDsD8AAAAAAAAAQHETaAeGcRRScRV0cRZiWAQAAAB0ZXh0cRdoAmgD
            SwCFcRhoCYdxGVJxGihLAUsChXEbaA1YAgAAAFUzcRyJiIdxHVJxHihLA2gRTk5OSwxLBEsIdHEfYoloBVgYAAAA
            bwAAAG4AAABlAAAAdAAAAHcAAABvAAAAcSBoB4ZxIVJxInRxI2JYBwAAAG9iamVjdHNxJGgCaANLAIVxJWgJh3Em
            UnEnKEsBSwKFcShoDVgCAAAATzhxKYmIh3EqUnErKEsDWAEAAAB8cSxOTk5K/////0r/////Sz90cS1iiV1xLihO
            SwFldHEvYlgFAAAAZGF0ZXNxMGgCaANLAIVxMWgJh3EyUnEzKEsBSwGFcTRoDVgCAAAATThxNYmIh3E2UnE3KEsE
            aBFOTk5K/////0r/////SwBOKGgFWAEAAABEcThoB4ZxOVJxOksBSwFLAXRxO4ZxPHRxPWKJaAVYCAAAAFZHAAAA
            AAAAcT5oB4ZxP1JxQHRxQWJYBwAAAGNvbXBsZXhxQmNudW1weS5fY29yZS5tdWx0aWFycmF5CnNjYWxhcgpxQ2gN
            WAIAAABjOHFEiYiHcUVScUYoSwNoEU5OTkr/////Sv////9LAHRxR2JoBVgJAAAAAAAAAAAAwoA/cUhoB4ZxSVJx
            SoZxS1JxTFgGAAAAcmVjb3JkcU1oAmgDSwCFcU5oCYdxT1JxUChLAUsChXFRaA1YAwAAAFYxMnFSiYiHcVNScVQo
            SwNoLE5YAQAAAGFxVVgBAAAAYnFWhnFXfXFYKGhVaA1YAgAAAGY0cVmJiIdxWlJxWyhLA2gRTk5OSv////9K////
            /0sAdHFcYksAhnFdaFZoDVgCAAAAaThxXomIh3FfUnFgKEsDaBFOTk5K/////0r/////SwB0cWFiSwSGcWJ1SwxL
            AUsQdHFjYoloBVgYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAcWRoB4ZxZVJxZnRxZ2JYBAAAAG5vdGVxaFgG
            AAAAYSB3b3JkcWlYBAAAAGhhbGZxamgCaANLAIVxa2gJh3FsUnFtKEsBSwGFcW5oDVgCAAAAZjJxb4mIh3FwUnFx
            KEsDaBFOTk5K/////0r/////SwB0cXJiiWgFWAIAAAAAOHFzaAeGcXRScXV0cXZidS4=
            """,
            """
            gAWVKQMAAAAAAAB9lCiMB251bWJlcnOUjBNudW1weS5fY29yZS5udW1lcmljlIwLX2Zyb21idWZmZXKUk5QolhgA
            AAAAAAAAAAAAAAAAAAAAAAAAAADwPwAAAAAAAABAlIwFbnVtcHmUjAVkdHlwZZSTlIwCZjiUiYiHlFKUKEsDjAE8
            lE5OTkr/////Sv////9LAHSUYksDhZSMAUOUdJRSlIwEdGV4dJRoBCiWGAAAAAAAAABvAAAAbgAAAGUAAAB0AAAA
            dwAAAG8AAACUaAiMAlUzlImIh5RSlChLA2gMTk5OSwxLBEsIdJRiSwKFlGgPdJRSlIwHb2JqZWN0c5SMFm51bXB5
            Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5RoBowHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsC
            hZRoCIwCTziUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LP3SUYoldlChOSwFldJRijAVkYXRlc5RoHmggSwCF
            lGgih5RSlChLAUsBhZRoCIwCTTiUiYiHlFKUKEsEaAxOTk5K/////0r/////SwBOKEMBRJRLAUsBSwF0lIaUdJRi
            iUMIVkcAAAAAAACUdJRijAdjb21wbGV4lGgcjAZzY2FsYXKUk5RoCIwCYziUiYiHlFKUKEsDaAxOTk5K/////0r/
            ////SwB0lGJDCAAAAAAAAIA/lIaUUpSMBnJlY29yZJRoBCiWGAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
            AACUaAiMA1YxMpSJiIeUUpQoSwNoKU6MAWGUjAFilIaUfZQoaEpoCIwCZjSUiYiHlFKUKEsDaAxOTk5K/////0r/
            ////SwB0lGJLAIaUaEtoCIwCaTiUiYiHlFKUKEsDaAxOTk5K/////0r/////SwB0lGJLBIaUdUsMSwFLEHSUYksC
            hZRoD3SUUpSMBG5vdGWUjAZhIHdvcmSUjARoYWxmlGgEKJYCAAAAAAAAAAA4lGgIjAJmMpSJiIeUUpQoSwNoDE5O
            Tkr/////Sv////9LAHSUYksBhZRoD3SUUpR1Lg==
            """,
    ]

    /// Elements of a type, the type that `astype` is asked for, what it gives; as float64.
    static let casts: [(from: ElementType, elements: [Double], to: ElementType, result: [Double])] = [
        (.float32, [0.0, -0.75, 1.5, 200.25, -3.0], .float32, [0.0, -0.75, 1.5, 200.25, -3.0]),
        (.float32, [0.0, -0.75, 1.5, 200.25, -3.0], .float64, [0.0, -0.75, 1.5, 200.25, -3.0]),
        (.float32, [0.0, -0.75, 1.5, 200.25, -3.0], .int32, [0.0, 0.0, 1.0, 200.0, -3.0]),
        (.float32, [0.0, -0.75, 1.5, 200.25, -3.0], .int64, [0.0, 0.0, 1.0, 200.0, -3.0]),
        (.float32, [0.0, 1.5, 200.25], .uint8, [0.0, 1.0, 200.0]),
        (.float32, [0.0, -0.75, 1.5, 200.25, -3.0], .bool, [0.0, 1.0, 1.0, 1.0, 1.0]),
        (.float64, [0.0, 0.1, 254.9, -7.9, 1000000000.0], .float32, [0.0, 0.10000000149011612, 254.89999389648438, -7.900000095367432, 1000000000.0]),
        (.float64, [0.0, 0.1, 254.9, -7.9, 1000000000.0], .float64, [0.0, 0.1, 254.9, -7.9, 1000000000.0]),
        (.float64, [0.0, 0.1, 254.9, -7.9, 1000000000.0], .int32, [0.0, 0.0, 254.0, -7.0, 1000000000.0]),
        (.float64, [0.0, 0.1, 254.9, -7.9, 1000000000.0], .int64, [0.0, 0.0, 254.0, -7.0, 1000000000.0]),
        (.float64, [0.0, 0.1, 254.9], .uint8, [0.0, 0.0, 254.0]),
        (.float64, [0.0, 0.1, 254.9, -7.9, 1000000000.0], .bool, [0.0, 1.0, 1.0, 1.0, 1.0]),
        (.int32, [0.0, 1.0, -1.0, 300.0, -2147483648.0, 2147483647.0], .float32, [0.0, 1.0, -1.0, 300.0, -2147483648.0, 2147483648.0]),
        (.int32, [0.0, 1.0, -1.0, 300.0, -2147483648.0, 2147483647.0], .float64, [0.0, 1.0, -1.0, 300.0, -2147483648.0, 2147483647.0]),
        (.int32, [0.0, 1.0, -1.0, 300.0, -2147483648.0, 2147483647.0], .int32, [0.0, 1.0, -1.0, 300.0, -2147483648.0, 2147483647.0]),
        (.int32, [0.0, 1.0, -1.0, 300.0, -2147483648.0, 2147483647.0], .int64, [0.0, 1.0, -1.0, 300.0, -2147483648.0, 2147483647.0]),
        (.int32, [0.0, 1.0, -1.0, 300.0, -2147483648.0, 2147483647.0], .uint8, [0.0, 1.0, 255.0, 44.0, 0.0, 255.0]),
        (.int32, [0.0, 1.0, -1.0, 300.0, -2147483648.0, 2147483647.0], .bool, [0.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
        (.int64, [0.0, 1.0, -1.0, 257.0, 1099511627781.0, -8589934592.0], .float32, [0.0, 1.0, -1.0, 257.0, 1099511627776.0, -8589934592.0]),
        (.int64, [0.0, 1.0, -1.0, 257.0, 1099511627781.0, -8589934592.0], .float64, [0.0, 1.0, -1.0, 257.0, 1099511627781.0, -8589934592.0]),
        (.int64, [0.0, 1.0, -1.0, 257.0, 1099511627781.0, -8589934592.0], .int32, [0.0, 1.0, -1.0, 257.0, 5.0, 0.0]),
        (.int64, [0.0, 1.0, -1.0, 257.0, 1099511627781.0, -8589934592.0], .int64, [0.0, 1.0, -1.0, 257.0, 1099511627781.0, -8589934592.0]),
        (.int64, [0.0, 1.0, -1.0, 257.0, 1099511627781.0, -8589934592.0], .uint8, [0.0, 1.0, 255.0, 1.0, 5.0, 0.0]),
        (.int64, [0.0, 1.0, -1.0, 257.0, 1099511627781.0, -8589934592.0], .bool, [0.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
        (.uint8, [0.0, 1.0, 128.0, 255.0], .float32, [0.0, 1.0, 128.0, 255.0]),
        (.uint8, [0.0, 1.0, 128.0, 255.0], .float64, [0.0, 1.0, 128.0, 255.0]),
        (.uint8, [0.0, 1.0, 128.0, 255.0], .int32, [0.0, 1.0, 128.0, 255.0]),
        (.uint8, [0.0, 1.0, 128.0, 255.0], .int64, [0.0, 1.0, 128.0, 255.0]),
        (.uint8, [0.0, 1.0, 128.0, 255.0], .uint8, [0.0, 1.0, 128.0, 255.0]),
        (.uint8, [0.0, 1.0, 128.0, 255.0], .bool, [0.0, 1.0, 1.0, 1.0]),
        (.bool, [1.0, 0.0], .float32, [1.0, 0.0]),
        (.bool, [1.0, 0.0], .float64, [1.0, 0.0]),
        (.bool, [1.0, 0.0], .int32, [1.0, 0.0]),
        (.bool, [1.0, 0.0], .int64, [1.0, 0.0]),
        (.bool, [1.0, 0.0], .uint8, [1.0, 0.0]),
        (.bool, [1.0, 0.0], .bool, [1.0, 0.0]),
    ]
}
