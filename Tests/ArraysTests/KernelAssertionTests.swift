import CKernels
import Foundation
import Testing

#if DEBUG
    /// Debug builds check what entries ask of their arguments. Each runs in a process of its own.
    @Suite struct KernelAssertionTests {
        private func said(_ result: ExitTest.Result?) -> String {
            String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        }

        @Test func aNegativeSize() async {
            let result = await #expect(
                processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]
            ) {
                ck_sort(Int32(CK_F32), 1, -2, nil, nil)
            }
            #expect(said(result).contains("ck_sort ("))
            #expect(said(result).contains("sort.c:"))
            #expect(said(result).contains("count: expected >= 0, got -2"))
        }

        @Test func aCodeThatIsNone() async {
            let result = await #expect(
                processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]
            ) {
                ck_activate_f32(10, 0, 0, nil, nil)
            }
            #expect(
                said(result).contains(
                    "activation: expected CK_ACTIVATION_IDENTITY...CK_ACTIVATION_SOFTPLUS, got 10"))
        }

        @Test func memoryThatIsNotThere() async {
            let result = await #expect(
                processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]
            ) {
                _ = ck_count_nonzero(3, nil)
            }
            #expect(said(result).contains("in, NULL: expected count elements, got 3"))
        }

        @Test func anIndexBehindTheEnd() async {
            let result = await #expect(
                processExitsWith: .signal(SIGABRT), observing: [\.standardErrorContent]
            ) {
                let places = [0, 2]
                var out: [Int32] = [0, 0]
                ck_take(1, 2, 4, [Int32(1), 2], 2, places, &out)
            }
            #expect(said(result).contains("places[1]: expected 0 ..< 2, got 2"))
        }
    }
#endif
