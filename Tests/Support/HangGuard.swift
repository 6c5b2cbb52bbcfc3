package import Testing

extension Trait where Self == TimeLimitTrait {
    /// Ends a test that would wait for ever.
    ///
    /// All tests begin at once, so that each takes as long as all of them together: on a busy machine that is many
    /// minutes, and nothing is wrong.
    package static var hangGuard: Self { .timeLimit(.minutes(20)) }
}
