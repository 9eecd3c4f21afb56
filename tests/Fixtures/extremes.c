// Makes truths for extremes.py: epsilon of Poisson-sampled Gaussians, add or remove one record, in 113-bit arithmetic.
//
// Reads lines "q sigma steps [q sigma steps ...] delta" and writes each with epsilon, a tolerance and the epsilon of
// adding alone, or with SKIP. Usage: extremes [POINTS TIMES FREQUENCIES].
//
// delta(epsilon) = E[(1 - e^(epsilon - L))+] is the integral of M(z) e^(-z epsilon) / (z (1 + z)) along Re z = t, over 2 pi i,
// M(z) = E[e^(zL)]: M by the trapezoid rule over the output x, every point kept that weighs e^-91 of the heaviest, the line
// by the trapezoid rule until its terms are below 1e-17 of delta. Nothing is parted, cut or left out otherwise. Each row is
// computed twice, on other lines with other steps in x and y; what they differ by, twice, is the tolerance.
#include <math.h>
#include <quadmath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef __float128 Q;
typedef struct { Q re, im; } Complex;
typedef struct { Q q, sigma; double steps; int count; Q *loss, *logMass; } Part;

static const Q TwoPi = 6.283185307179586476925286766559005768394Q;
static const double Weightless = -95;

static Part plan[8];
static int parts;
static int removal;
static double tiltMade;
static double budget = 2e7;

// The points of one release's loss under P, for tilts and frequencies up to the given ones.
static int make(Part *p, double tilt, double frequency, double fine)
{
    double sigma = (double)p->sigma, q = (double)p->q, tail = 13.5; // e^-91
    double strip = q < 1 && sigma * 1.4 < 12 ? sigma * 1.4 : 12;
    double low = removal ? -tail : -tail - (q < 1 ? tilt * q / sigma : tilt / sigma);
    double high = removal ? tail + (1 + tilt) / sigma : tail;
    double w = high / sigma - 0.5 / sigma / sigma;
    double slope = q == 1 ? 1 / sigma : (w > 300 ? 1 : q * exp(w) / (1 + q * expm1(w))) / sigma;
    double turns = 80 / strip + strip / 2 + 1.3 * slope * frequency
        + (q < 1 && slope * sigma > 1e-3 ? 0.3 * frequency / sigma : 0);
    double step = 6.283185307179586 / turns / fine;
    if (!((high - low) / step < 400000)) return 0;

    p->count = (int)((high - low) / step) + 2;
    free(p->loss);
    free(p->logMass);
    p->loss = malloc(p->count * sizeof(Q));
    p->logMass = malloc(p->count * sizeof(Q));
    Q logWeight = logq((Q)step / sqrtq(TwoPi));
    for (int i = 0; i < p->count; i++) {
        Q x = low + (Q)step * i, z = x / p->sigma - 0.5Q / (p->sigma * p->sigma);
        Q loss = p->q == 1 ? z : z < 5000 ? log1pq(p->q * expm1q(z)) : z + logq(p->q);
        p->loss[i] = removal ? loss : -loss;
        p->logMass[i] = (removal ? loss : 0) - 0.5Q * x * x + logWeight;
    }
    return 1;
}

// ln M(t), and mean and variance of the loss when tilted.
static Q logMoment(const Part *p, Q t, double *mean, double *variance)
{
    Q top = -1e30Q, sum = 0;
    double weight = 0, square = 0;
    *mean = 0;
    for (int i = 0; i < p->count; i++) {
        Q log = p->logMass[i] + t * p->loss[i];
        top = log > top ? log : top;
    }
    for (int i = 0; i < p->count; i++) {
        Q log = p->logMass[i] + t * p->loss[i] - top;
        if (log < Weightless) continue;
        Q w = expq(log);
        double before = *mean, loss = (double)p->loss[i];
        sum += w;
        weight += (double)w;
        *mean += (double)w / weight * (loss - *mean);
        square += (double)w * (loss - before) * (loss - *mean);
    }
    *variance = square / (double)sum;
    return top + logq(sum);
}

static Q planMoment(Q t, double *mean, double *variance)
{
    Q log = 0;
    *mean = *variance = 0;
    for (int k = 0; k < parts; k++) {
        double m, v;
        log += plan[k].steps * logMoment(&plan[k], t, &m, &v);
        *mean += plan[k].steps * m;
        *variance += plan[k].steps * v;
    }
    return log;
}

static int reach(double t)
{
    if (t <= tiltMade) return 1;
    tiltMade = t * 2;
    for (int k = 0; k < parts; k++) {
        if (!make(&plan[k], tiltMade, 0, 1)) return 0;
    }
    return 1;
}

// ln delta to a digit or two, and the epsilon that it is for.
static double atSaddle(double t, double *epsilon)
{
    double mean, variance;
    Q moment = planMoment(t, &mean, &variance);
    *epsilon = mean - 1 / t - 1 / (1 + t);
    double curvature = variance + 1 / t / t + 1 / (1 + t) / (1 + t);
    return (double)moment - t * *epsilon - log1p(t) - log(t) - 0.5 * log(6.283185307 * curvature);
}

static int isQuiet(const Complex *values, int n, double step, double least)
{
    for (int i = n * 7 / 8; i < n; i++) {
        double size = sqrt((double)(values[i].re * values[i].re + values[i].im * values[i].im));
        if (size * i * step > least) return 0;
    }
    return 1;
}

static void sum(const Complex *values, int n, double step, double epsilon, Q *value, Q *derivative)
{
    *value = values[0].re / 2;
    *derivative = 0;
    for (int i = 1; i < n; i++) {
        Q y = (Q)i * step, sine, cosine;
        sincosq(y * epsilon, &sine, &cosine);
        *value += values[i].re * cosine + values[i].im * sine;
        *derivative += y * (values[i].im * cosine - values[i].re * sine);
    }
    *value *= step / (TwoPi / 2);
    *derivative *= step / (TwoPi / 2);
}

// The epsilon of ln delta on the line Re z = t; 0 if there is no answer.
static int solve(double t, double logDelta, double guess, double fine, double digits, double *answer)
{
    static Part line[8];
    enum { Most = 1 << 21 };
    double mean, variance;
    if (!reach(t * 1.01)) return 0;
    Q moment = planMoment(t, &mean, &variance);

    // The step: what it adds is below e^-digits of delta, on the left as delta <= 1, on the right by Chernoff's bound.
    double right = 1e300;
    for (double f = 1.02; f < 40; f = 1 + (f - 1) * 1.5) {
        double other = t * f, m, v;
        if ((other > tiltMade && f > 4) || !reach(other)) break;
        double payoff = other * (log(other) - log1p(other)) - log1p(other);
        double chernoff = (double)planMoment(other, &m, &v) - other * guess + payoff;
        right = fmin(right, (chernoff - logDelta + digits) / (other - t));
    }
    double step = 6.283185307179586 / (fmax((digits - logDelta) / t, right) * fine);
    double least = exp(fmin(0, logDelta - (double)moment + t * guess)) * fmax(t, 1);

    Complex *values = malloc(sizeof(Complex) * Most), *now[8] = {0}, *turn[8] = {0};
    double made = 0;
    int n, isDone = 0;
    for (n = 0; n < Most && !isDone; n++) {
        double y = n * step;
        if (n == 0 || y > made) {
            made = n == 0 ? 12 / sqrt(variance) : made * 1.6;
            double points = 0;
            for (int k = 0; k < parts; k++) {
                line[k].q = plan[k].q;
                line[k].sigma = plan[k].sigma;
                line[k].steps = plan[k].steps;
                if (!make(&line[k], t, made, fine)) goto end;
                points += line[k].count;
                free(now[k]);
                free(turn[k]);
                now[k] = malloc(line[k].count * sizeof(Complex));
                turn[k] = malloc(line[k].count * sizeof(Complex));
                double m, v;
                Q norm = logMoment(&line[k], t, &m, &v);
                int kept = 0;
                for (int i = 0; i < line[k].count; i++) {
                    Q weight = line[k].logMass[i] + t * line[k].loss[i] - norm;
                    if (weight < Weightless) continue;
                    weight = expq(weight);
                    sincosq((Q)step * line[k].loss[i], &turn[k][kept].im, &turn[k][kept].re);
                    sincosq((Q)step * n * line[k].loss[i], &now[k][kept].im, &now[k][kept].re);
                    now[k][kept].re *= weight;
                    now[k][kept++].im *= weight;
                }
                line[k].count = kept;
            }
            if (made / step * points > budget) goto end;
        }

        Q size = 0, angle = 0;
        for (int k = 0; k < parts; k++) {
            Q re = 0, im = 0;
            for (int i = 0; i < line[k].count; i++) {
                Complex *z = &now[k][i], *r = &turn[k][i];
                re += z->re;
                im += z->im;
                Q next = z->re * r->re - z->im * r->im;
                z->im = z->re * r->im + z->im * r->re;
                z->re = next;
            }
            size += line[k].steps * 0.5Q * log1pq(re * re - 1 + im * im);
            angle += line[k].steps * atan2q(im, re);
        }

        // Over (t + iy)(1 + t + iy).
        Q sine, cosine, e = size < -200 ? 0 : expq(size);
        sincosq(angle, &sine, &cosine);
        Q re = t * (1 + (Q)t) - (Q)y * y, im = y * (1 + 2 * (Q)t), square = re * re + im * im;
        values[n].re = e * (cosine * re + sine * im) / square;
        values[n].im = e * (sine * re - cosine * im) / square;
        isDone = n > 40 && (double)e / y < 1e-17 * least && isQuiet(values, n, step, 1e-16 * least);
    }

end:
    if (isDone) {
        double epsilon = guess;
        isDone = 0;
        for (int i = 0; i < 60 && !isDone; i++) {
            Q value, derivative;
            sum(values, n, step, epsilon, &value, &derivative);
            if (!(value > 0)) {
                epsilon *= 0.5;
                continue;
            }
            double excess = (double)(moment - (Q)t * epsilon + logq(value)) - logDelta;
            double move = excess / (double)((Q)t - derivative / value);
            if (epsilon + move < 0) {
                if (epsilon < 1e-9) {
                    *answer = 0;
                    isDone = excess <= 0;
                    break;
                }
                move = -epsilon * 0.9;
            }
            if (fabs(move) > 3 / t && fabs(move) > epsilon) move = move > 0 ? 3 / t : -epsilon / 2;
            epsilon += move;
            if (fabs(move) < 1e-14 * fmax(epsilon, 1 / t)) {
                *answer = epsilon;
                isDone = 1;
            }
        }
    }
    free(values);
    for (int k = 0; k < 8; k++) {
        free(now[k]);
        free(turn[k]);
    }
    return isDone;
}

static int epsilonOf(int isRemoval, double delta, double *epsilon, double *tolerance)
{
    removal = isRemoval;
    tiltMade = 0;
    double logDelta = log(delta), low = -20, high = 0, guess;
    if (!reach(1)) return 0;
    if (atSaddle(1, &guess) > logDelta) {
        for (low = 0, high = 1; high < 45 && reach(exp(high)) && atSaddle(exp(high), &guess) > logDelta; high++) low = high;
        if (high >= 45 || !reach(exp(high))) return 0;
    }
    for (int i = 0; i < 40; i++) {
        double middle = (low + high) / 2;
        if (atSaddle(exp(middle), &guess) > logDelta) low = middle; else high = middle;
    }
    double saddle = exp(low);
    atSaddle(saddle, &guess);
    guess = fmax(guess, 1e-12);

    // At the saddle point, or to the left of it, where rare jumps take over.
    for (double share = 1; share > 0.02; share *= 0.5) {
        double t = saddle * share, near = guess, first = -1, second;
        for (int again = 0; again < 6; again++) {
            if (!solve(t, logDelta, near, 1, 50, &first)) {
                first = -1;
                break;
            }
            if (fabs(first - near) * t < 1) break;
            near = fmax(first, 1e-12);
        }
        if (first < 0 || !solve(t * 0.9, logDelta, near, 1.4, 56, &second)) continue;
        if (fabs(first - second) > 1e-9 * fmin(first, 1)) continue;
        *epsilon = second;
        *tolerance = 2 * fabs(first - second) + 1e-14 * second;
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    char text[4096];
    budget = argc > 1 ? atof(argv[1]) : budget;
    while (fgets(text, sizeof text, stdin)) {
        double numbers[25], removing, adding, tolerance, other;
        int n = 0;
        char *at = text, *end;
        for (double x = strtod(at, &end); end != at && n < 25; x = strtod(at, &end)) {
            numbers[n++] = x;
            at = end;
        }
        parts = (n - 1) / 3;
        for (int k = 0; k < parts; k++) {
            plan[k].q = numbers[3 * k];
            plan[k].sigma = numbers[3 * k + 1];
            plan[k].steps = numbers[3 * k + 2];
        }
        text[strcspn(text, "\n")] = 0;
        if (epsilonOf(1, numbers[n - 1], &removing, &tolerance) && epsilonOf(0, numbers[n - 1], &adding, &other)) {
            int isAdding = adding > removing;
            printf("%s %.17g %.3g %.17g\n", text, isAdding ? adding : removing, isAdding ? other : tolerance, adding);
        } else {
            printf("%s SKIP\n", text);
        }
        fflush(stdout);
    }
}
