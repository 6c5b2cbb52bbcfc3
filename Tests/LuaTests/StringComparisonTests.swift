import CLuaTesting
import Testing

/// The string library beside the stock one of the same Lua.
struct StringComparisonTests {
    private static let count: UInt64 = 600_000

    @Test(arguments: [1, UInt64.random(in: 2...UInt64.max)])
    func randomCallsGiveTheSame(seed: UInt64) {
        var report = [CChar](repeating: 0, count: 4096)
        let isSame = unsafe report.withUnsafeMutableBufferPointer { report in
            unsafe report.baseAddress.map {
                unsafe clua_compare_strings(seed, Self.count, $0, report.count)
            } ?? false
        }
        let difference = String(decoding: report.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #expect(isSame, "seed \(seed): \(difference)")
    }
}
