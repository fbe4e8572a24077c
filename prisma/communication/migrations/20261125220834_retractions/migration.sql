-- CreateTable
CREATE TABLE "retractions" (
    "subject" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "is_lifted" BOOLEAN NOT NULL DEFAULT false,
    "actor_id" UUID,

    CONSTRAINT "retractions_pkey" PRIMARY KEY ("subject")
);

-- CreateIndex
CREATE INDEX "retractions_at_idx" ON "retractions"("at");

-- CreateIndex
CREATE INDEX "retractions_actor_idx" ON "retractions"("actor_id") WHERE (actor_id IS NOT NULL);

