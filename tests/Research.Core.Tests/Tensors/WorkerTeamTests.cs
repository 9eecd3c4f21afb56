using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Run_ManyRounds_CallsEveryPartOnceEachOnAThreadOfItsOwn(int threads)
    {
        using WorkerTeam team = new(threads);
        int[] calls = new int[threads];
        int[] ids = new int[threads];
        for (int round = 1; round <= 200; round++)
        {
            team.Run(part =>
            {
                calls[part]++;
                ids[part] = Environment.CurrentManagedThreadId;
            });

            Assert.All(calls, count => Assert.Equal(round, count)); // written before Run returned
        }

        Assert.Equal(threads, team.Count);
        Assert.Equal(threads, ids.Distinct().Count());
        Assert.Equal(Environment.CurrentManagedThreadId, ids[0]);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 2)]
    public void Run_FailingPart_ThrowsWhenAllHaveEndedAndTheTeamGoesOn(int threads, int failing)
    {
        using WorkerTeam team = new(threads);
        int ended = 0;

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => team.Run(part =>
        {
            if (part == failing)
            {
                throw new InvalidOperationException("part failed");
            }

            Thread.Sleep(20);
            Interlocked.Increment(ref ended);
        }));

        Assert.Equal("part failed", e.Message);
        Assert.Equal(threads - 1, ended);
        int calls = 0;
        team.Run(_ => Interlocked.Increment(ref calls));
        Assert.Equal(threads, calls); // the old failure is not thrown again
    }

    [Fact]
    public void Run_AfterThreadsFellAsleep_WakesThem()
    {
        using WorkerTeam team = new(3);
        int calls = 0;
        for (int round = 0; round < 3; round++)
        {
            Thread.Sleep(50);
            team.Run(_ => Interlocked.Increment(ref calls));
        }

        Assert.Equal(9, calls);
    }

    [Fact]
    public void Dispose_EndsItsThreads()
    {
        List<Thread> threads = [];
        WorkerTeam team = new(4);
        team.Run(_ =>
        {
            lock (threads)
            {
                threads.Add(Thread.CurrentThread);
            }
        });

        team.Dispose();

        Assert.Equal(4, threads.Count);
        Assert.All(threads, thread => Assert.Equal(thread == Thread.CurrentThread, thread.IsAlive));
    }
}
